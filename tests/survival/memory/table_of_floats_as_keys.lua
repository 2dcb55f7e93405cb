--! about = a hash of floats
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, math.huge do t[i + 0.5] = true end
end
