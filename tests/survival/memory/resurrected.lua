--! about = finalizers that bring their objects back, each with another one
--! hook = survive.run
--! expect = fault:fuel
--! budget = fuel=100M
function run(n, s)
    if n == 0 then return {} end
    kept = {}
    local meta = {}
    meta.__gc = function(object)
        kept[#kept % 100 + 1] = object
        setmetatable(object, meta)
        setmetatable({}, meta)
    end
    while true do setmetatable({}, meta) end
end
