--! about = the same memory bomb on eight threads
--! hook = survive.run
--! driver = threads 8
--! budget = fuel=1G memory=1MiB
--! expect = fault:memory
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, math.huge do t[i] = { i } end
end
