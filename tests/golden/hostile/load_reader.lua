--! about = a source that never ends
--! hook = test.run
--! budget = fuel=100M
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 100000000
function run()
    load(function() return "a = 'a line of text' " end)
    return {}
end
