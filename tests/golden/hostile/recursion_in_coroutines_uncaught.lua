--! about = coroutines inside coroutines, not caught
--! hook = test.run
--! expect = fault:stack
--! message = C stack overflow
--! fuel = 0
function run()
    local function deeper(n)
        return coroutine.wrap(function() return deeper(n + 1) end)()
    end
    return deeper(1)
end
