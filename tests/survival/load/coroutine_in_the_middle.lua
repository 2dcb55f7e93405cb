--! about = a script that leaves a coroutine in the middle, a finalizer and a warning behind
--! hook = survive.run
--! expect = result {"integer":1}
local thread = coroutine.wrap(function() local count = 0 while true do count = count + 1 coroutine.yield(count) end end)
armed = setmetatable({}, { __gc = function() while true do end end })
warn("left ", "over")
function run(n, s)
    if n == 0 then return {} end
    return { integer = thread() }
end
