--! about = a message handler that loops
--! hook = test.run
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 10000000
function run()
    xpcall(error, function() while true do end end)
    return {}
end
