--! about = a close handler that loops, after an error
--! hook = test.run
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 10000000
function run()
    local guard <close> = setmetatable({}, { __close = function() while true do end end })
    error("first")
end
