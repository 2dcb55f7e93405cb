--! about = an __eq that never says
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local meta = { __eq = function() while true do end end }
    return { ok = setmetatable({}, meta) == setmetatable({}, meta) }
end
