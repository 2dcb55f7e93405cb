--! about = a load that leaves its tenant in debt, so that not even the first call is made
--! hook = survive.run
--! driver = in_turn
--! budget = fuel_per_second=1000 fuel_burst=1M
--! expect = denied:fuel
for i = 1, 1e6 do end
function run(n, s)
    return { integer = n }
end
