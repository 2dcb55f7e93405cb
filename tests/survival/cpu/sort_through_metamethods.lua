--! about = a list that claims two thousand million elements
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local list = setmetatable({}, { __len = function() return 2147483646 end, __index = function(_, i) return -i end })
    table.sort(list)
end
