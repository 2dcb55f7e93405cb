--! about = floats that fall into few places
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, math.huge do t[i % 4096 + 2.0 ^ -30] = i end
end
