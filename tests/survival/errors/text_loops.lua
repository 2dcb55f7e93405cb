--! about = an error whose text never comes
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    error(setmetatable({}, { __tostring = function() while true do end end }))
end
