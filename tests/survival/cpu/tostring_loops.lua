--! about = a __tostring that never says, asked by print
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    print(setmetatable({}, { __tostring = function() while true do end end }))
end
