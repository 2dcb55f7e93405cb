--! about = coroutines left in the middle of pcall, sort and metamethods
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    left = {}
    for i = 1, 50 do
        left[i] = coroutine.create(function()
            local guard <close> = setmetatable({}, { __close = function() while true do end end })
            pcall(function() for _ in pairs(setmetatable({}, { __pairs = function() coroutine.yield() end })) do end end)
        end)
        assert(coroutine.resume(left[i]))
    end
    return { ok = true }
end
