--! about = a __len that never says, asked by the table library
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    table.insert(setmetatable({}, { __len = function() while true do end end }), n)
end
