--! about = a loop without end
--! hook = test.run
--! expect = fault:fuel
--! message = out of fuel: the call used up its budget of 10 M
--! fuel = 10000000
function run()
    while true do end
end
