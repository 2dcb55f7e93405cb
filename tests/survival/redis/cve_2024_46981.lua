--! about = garbage handled by the script: finalizers that raise, run and revive while everything is collected
--! hook = survive.run
--! expect = result {"ok":true}
--! budget = fuel=1G memory=16MiB
function run(n, s)
    if n == 0 then return {} end
    -- There: a script steered the collector so that something freed was used again, outside of the sandbox.
    assert(newproxy == nil)
    local order, meta = {}, {}
    meta.__gc = function(object)
        order[#order + 1] = object
        setmetatable(object, nil)
        setmetatable(object, meta)
        collectgarbage("collect") collectgarbage("step", 0) collectgarbage("generational")
        meta.__gc = #order % 2 == 0 and meta.__gc or function() error("in a finalizer") end
        setmetatable(order, { __mode = "kv" })
    end
    for round = 1, 15 do
        for _ = 1, 20 do setmetatable({}, meta) setmetatable({}, { __gc = meta.__gc, __mode = "k" }) end
        collectgarbage("collect")
        local t = {}
        for i = 1, 300 do t[i] = { ("x"):rep(i) } end
    end
    return { ok = true }
end
