--! about = a metatable on the globals that answers for everything
--! hook = survive.run
--! expect = result {"ok":true}
setmetatable(_G, {
    __index = function(_, name) return function() while true do end end end,
    __newindex = function() while true do end end,
})
rawset(_G, "run", function(n)
    if n == 0 then return {} end
    return { ok = true }
end)
