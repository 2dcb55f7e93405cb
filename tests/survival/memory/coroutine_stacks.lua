--! about = coroutines, each with as large a stack as there can be
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
local function deep(depth)
    if depth == 0 then coroutine.yield() else deep(depth - 1) end
    return depth
end
function run(n, s)
    if n == 0 then return {} end
    local threads = {}
    for i = 1, math.huge do
        threads[i] = coroutine.create(deep)
        assert(coroutine.resume(threads[i], 1500))
    end
end
