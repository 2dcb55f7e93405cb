--! about = a loop by tail calls takes no stack, only fuel
--! hook = test.run
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 10000000
function run(n, s)
    return run(n, s)
end
