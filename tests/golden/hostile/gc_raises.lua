--! about = an error in a finalizer is a warning
--! hook = test.run
--! budget = fuel=100M memory=1MiB
--! expect = result {"ok":true}
--! log = warn@? error in __gc (gc_raises.lua:9: in the finalizer)
--! fuel = 281902
function run()
    local done
    setmetatable({}, { __gc = function() done = true error("in the finalizer") end })
    local t
    for _ = 1, 1000000 do
        t = { 1 }
        if done then break end
    end
    return { ok = done }
end
