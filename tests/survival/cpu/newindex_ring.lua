--! about = tables that store each other's fields
--! hook = survive.run
--! expect = fault:script
--! message = possible loop
function run(n, s)
    if n == 0 then return {} end
    local a, b = {}, {}
    setmetatable(a, { __newindex = b })
    setmetatable(b, { __newindex = a })
    a.field = n
end
