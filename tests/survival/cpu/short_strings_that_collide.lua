--! about = short strings searched for an equal hash by the script itself
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, math.huge do t[string.pack("i8", (i % 5000) << 32 | i % 5000)] = i end
end
