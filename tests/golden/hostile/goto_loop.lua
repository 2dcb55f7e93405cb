--! about = a loop by goto
--! hook = test.run
--! budget = fuel=100K
--! expect = fault:fuel
--! message = out of fuel: the call used up its budget of 100 K
--! fuel = 100000
function run()
    ::again::
    goto again
end
