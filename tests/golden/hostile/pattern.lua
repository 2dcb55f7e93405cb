--! about = a pattern that backtracks without end
--! hook = test.run
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 10000000
function run()
    string.find(("a"):rep(1000), (".-"):rep(30) .. "b")
    return {}
end
