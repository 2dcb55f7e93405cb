--! about = numbers that take long to write
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local x = 5e-324
    while true do s = tostring(x) x = x * 1.0000001 + 5e-324 end
end
