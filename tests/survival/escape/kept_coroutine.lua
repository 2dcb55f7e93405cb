--! about = a coroutine left in the middle, and a closure, used in the next call
--! hook = survive.run
--! state = kept
--! expect = result {"integer":2}
--! expect = result {"integer":4}
local thread = coroutine.wrap(function(...)
    local count = 0
    while true do count = count + 1 coroutine.yield(count, ...) end
end)
function run(n, s) return { integer = (thread(n, s)) } end
