--! about = a __close that never ends, on the way out with an answer
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local guard <close> = setmetatable({}, { __close = function() while true do end end })
    return { ok = true }
end
