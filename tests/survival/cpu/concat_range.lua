--! about = a range of every integer, most of them absent
--! hook = survive.run
--! expect = fault:script
--! message = invalid value (nil) at index -9223372036854775808
function run(n, s)
    if n == 0 then return {} end
    return { text = table.concat({}, "", math.mininteger, math.maxinteger) }
end
