--! about = the least integer there is
--! hook = survive.run
--! expect = result {"integer":-9223372036854775808,"list":[9223372036854775807,-9223372036854775808]}
function run(n, s)
    if n == 0 then return {} end
    return { integer = math.mininteger, list = { math.maxinteger, math.mininteger } }
end
