--! about = message handlers see the stack, and may fail themselves
--! hook = test.run
--! expect =
--! fuel = 0
function run()
    local _, trace = xpcall(function() error("seen") end, debug.traceback)
    local _, failed = xpcall(error, function() error("again") end)
    local _, nested = xpcall(function() xpcall(error, error, "inner", 0) error("outer", 0) end, function(e) return "<" .. e .. ">" end)
    local _, not_called = xpcall(error, 5)
    return { list = { trace, tostring(failed), nested, tostring(not_called) } }
end
