--! about = a capability that takes its time, again and again
--! hook = survive.run
--! grant = probe
--! budget = fuel=10K
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do probe.slow() end
end
