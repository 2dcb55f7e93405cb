--! about = after a fault that is not Lua's own, kept state starts again from the image
--! hook = test.run
--! state = kept
--! budget = fuel=100K
--! expect = result {"integer":1}
--! fuel = 2446
--! expect = result {"integer":2}
--! fuel = 2341
--! args = {"n": -1}
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 100000
--! args = {}
--! expect = result {"integer":1}
--! fuel = 2446
local calls = 0
function run(n)
    calls = calls + 1
    while n == -1 do end
    return { integer = calls }
end
