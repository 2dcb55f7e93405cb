--! about = a capability that was not granted is not there
--! hook = test.run
--! expect = fault:script
--! message = not_granted.lua:7: attempt to index a nil value (global 'probe')
--! fuel = 20260
function run()
    return { text = probe.echo("x") }
end
