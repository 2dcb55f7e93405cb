--! about = a source that never ends
--! hook = test.run
--! budget = fuel=100M
--! expect = fault:memory
--! message = out of memory
--! fuel = 0
function run()
    load(function() return "a = 'a line of text' " end)
    return {}
end
