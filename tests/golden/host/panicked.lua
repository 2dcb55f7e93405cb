--! about = so does one that panics
--! hook = test.run
--! grant = probe
--! expect = fault:host
--! message = a capability panicked
--! fuel = 2479
function run()
    pcall(probe.panic)
    return {}
end
