--! about = message handlers see the stack, and may fail themselves
--! hook = test.run
--! expect = 
--!     result {"list":["handler.lua:8: seen\nstack traceback:\n\t[C]: in function 'error'\n\thandler.lua:8: in function <handler.lua:8>\n\t[C]: in function 'xpcall'\n\thandler.lua:8: in function 'run'",
--!     "error in error handling","<outer>","bad argument #2 to 'xpcall' (function expected, got number)"]}
--! fuel = 1009372
function run()
    local _, trace = xpcall(function() error("seen") end, debug.traceback)
    local _, failed = xpcall(error, function() error("again") end)
    local _, nested = xpcall(function() xpcall(error, error, "inner", 0) error("outer", 0) end, function(e) return "<" .. e .. ">" end)
    local _, not_called = pcall(xpcall, error, 5)
    return { list = { trace, tostring(failed), nested, tostring(not_called) } }
end
