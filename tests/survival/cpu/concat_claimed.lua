--! about = a list that claims to be longer than memory
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local list = setmetatable({}, { __len = function() return math.maxinteger end, __index = function() return "" end })
    return { text = table.concat(list) }
end
