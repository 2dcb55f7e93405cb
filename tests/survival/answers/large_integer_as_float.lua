--! about = an integer that no float equals, where a float is expected
--! hook = survive.run
--! expect = result {"number":9223372036854775807.0}
function run(n, s)
    if n == 0 then return {} end
    return { number = math.maxinteger }
end
