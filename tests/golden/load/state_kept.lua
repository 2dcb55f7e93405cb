--! about = with kept state, calls see what earlier ones left
--! hook = test.run
--! state = kept
--! expect = result {"integer":1}
--! fuel = 2446
--! expect = result {"integer":2}
--! fuel = 2341
--! args = {"n": -1}
--! expect = fault:script
--! message = state_kept.lua:18: on purpose
--! fuel = 21665
--! args = {}
--! expect = result {"integer":4}
--! fuel = 2324
local calls = 0
function run(n)
    calls = calls + 1
    if n == -1 then error("on purpose") end
    return { integer = calls }
end
