--! about = finalizers that make what is finalized
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local meta = {}
    meta.__gc = function() for _ = 1, 100 do setmetatable({}, meta) end end
    while true do setmetatable({}, meta) end
end
