--! about = more fuel, over several calls, than the tenant's rate allows
--! hook = survive.run
--! driver = in_turn
--! budget = fuel_per_second=1000 fuel_burst=12M fuel=10M
--! expect = fault:fuel
--! expect = fault:fuel
--! expect = denied:fuel
function run(n, s)
    while true do pcall(error) end
end
