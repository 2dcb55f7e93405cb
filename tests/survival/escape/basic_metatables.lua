--! about = values that have no metatable get none
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    for _, value in ipairs { 1, 1.5, true, false, print, function() end, coroutine.create(print), "text" } do
        assert(not pcall(setmetatable, value, {}))
    end
    assert(not pcall(setmetatable, nil, {}) and getmetatable(1) == nil and getmetatable(print) == nil)
    return { ok = true }
end
