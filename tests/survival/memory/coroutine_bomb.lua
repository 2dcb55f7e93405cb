--! about = coroutines that all stay in the middle
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local threads = {}
    for i = 1, math.huge do
        threads[i] = coroutine.create(function() coroutine.yield(i) end)
        coroutine.resume(threads[i])
    end
end
