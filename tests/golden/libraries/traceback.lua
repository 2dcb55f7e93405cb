--! about = debug.traceback, all that is left of the debug library
--! hook = test.run
--! expect = 
--!     result {"list":["message\nstack traceback:\n\ttraceback.lua:12: in upvalue 'inner'\n\ttraceback.lua:15: in function 'run'",
--!     "from 2\nstack traceback:\n\ttraceback.lua:15: in function 'run'",
--!     "stack traceback:\n\ttraceback.lua:12: in upvalue 'inner'\n\ttraceback.lua:15: in function 'run'",
--!     "5\nstack traceback:\n\ttraceback.lua:12: in upvalue 'inner'\n\ttraceback.lua:15: in function 'run'","true",
--!     "stack traceback:\n\t[C]: in function 'coroutine.yield'\n\ttraceback.lua:18: in function <traceback.lua:18>",
--!     "of a thread\nstack traceback:\n\t[C]: in function 'coroutine.yield'\n\ttraceback.lua:18: in function <traceback.lua:18>"]}
--! fuel = 393161
local function inner(...)
    return debug.traceback(...)
end
function run()
    local list = { (inner("message")), (inner("from 2", 2)), (inner()), tostring(inner(5)), tostring(inner(nil) ~= nil) }
    local object = {}
    assert(inner(object) == object and inner(true) == true)
    local thread = coroutine.create(function() local x = 1 coroutine.yield() end)
    coroutine.resume(thread)
    list[#list + 1] = debug.traceback(thread)
    list[#list + 1] = debug.traceback(thread, "of a thread", 0)
    return { list = list }
end
