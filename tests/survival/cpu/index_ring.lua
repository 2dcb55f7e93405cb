--! about = tables that look each other's fields up
--! hook = survive.run
--! expect = fault:script
--! message = possible loop
function run(n, s)
    if n == 0 then return {} end
    local a, b = {}, {}
    setmetatable(a, { __index = b })
    setmetatable(b, { __index = a })
    return { text = a.field }
end
