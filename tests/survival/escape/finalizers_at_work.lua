--! about = finalizers that collect, allocate and set finalizers while the collector runs
--! hook = survive.run
--! expect = result {"ok":true}
--! budget = fuel=100M memory=16MiB
function run(n, s)
    if n == 0 then return {} end
    -- The shape of CVE-2021-44964: a finalizer that ran during a collection saw what the collection had freed.
    local made = 0
    local function arm(depth)
        made = made + 1
        return setmetatable({ depth }, { __gc = function(object)
            collectgarbage()
            local text = ("x"):rep(100) .. depth
            local thread = coroutine.wrap(function() coroutine.yield(object, text) end)
            assert(thread() == object)
            if depth > 0 then arm(depth - 1) end
        end })
    end
    for round = 1, 20 do arm(3) local t = {} for i = 1, 200 do t[i] = { tostring(i) } end end
    return { ok = made >= 20 }
end
