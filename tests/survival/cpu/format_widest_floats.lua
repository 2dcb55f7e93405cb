--! about = the longest numbers that a format allows, again and again
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do s = string.format("%99.99f", -1.7976931348623157e308) end
end
