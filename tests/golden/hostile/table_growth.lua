--! about = a table that grows without end
--! hook = test.run
--! budget = fuel=100M
--! expect = fault:memory
--! message = out of memory
--! fuel = 39595770
function run()
    local t = {}
    for i = 1, math.huge do t[i] = i end
end
