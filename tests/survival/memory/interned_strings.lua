--! about = short strings without end, all of them kept
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, math.huge do t[i] = "s" .. i end
end
