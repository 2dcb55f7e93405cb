--! about = running out while a traceback is made
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local lines = {}
    for i = 1, math.huge do lines[i] = debug.traceback(("x"):rep(10000) .. i) end
end
