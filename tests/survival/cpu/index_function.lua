--! about = a field that never comes
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    return { text = setmetatable({}, { __index = function() while true do end end }).field }
end
