--! about = coroutines without end, each left in the middle
--! hook = test.run
--! budget = fuel=100M
--! expect = fault:memory
--! message = out of memory
--! fuel = 31298628
function run()
    local all = {}
    while true do
        local thread = coroutine.create(function() coroutine.yield() end)
        coroutine.resume(thread)
        all[#all + 1] = thread
    end
end
