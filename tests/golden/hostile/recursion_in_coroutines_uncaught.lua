--! about = coroutines inside coroutines, not caught
--! hook = test.run
--! expect = fault:stack
--! message = stack overflow: recursion_in_coroutines_uncaught.lua:8:
--! fuel = 2727116
function run()
    local function deeper(n)
        return coroutine.wrap(function() return deeper(n + 1) end)()
    end
    return deeper(1)
end
