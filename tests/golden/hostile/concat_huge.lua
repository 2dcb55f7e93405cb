--! about = a list that claims to be endless
--! hook = test.run
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 10000000
function run()
    local endless = setmetatable({}, { __len = function() return math.maxinteger end, __index = function() return "" end })
    return { text = table.concat(endless) }
end
