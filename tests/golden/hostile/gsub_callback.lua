--! about = a callback that loops
--! hook = test.run
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 10000000
function run(n, s)
    s:gsub(".", function() while true do end end)
end
