--! about = a finalizer that never ends
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    for _ = 1, math.huge do setmetatable({}, { __gc = function() while true do end end }) end
end
