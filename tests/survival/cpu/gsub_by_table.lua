--! about = a replacement table whose __index loops
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    return { text = s:gsub(".", setmetatable({}, { __index = function() while true do end end })) }
end
