--! about = a finalizer that loops, when memory is short
--! hook = test.run
--! budget = fuel=100M memory=1MiB
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 100000000
function run()
    setmetatable({}, { __gc = function() while true do end end })
    local t
    while true do t = { t and 1 } end
end
