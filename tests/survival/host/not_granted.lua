--! about = a capability that was not granted
--! hook = survive.run
--! expect = fault:script
--! message = nil value (global 'probe')
function run(n, s)
    if n == 0 then return {} end
    probe.echo(1)
end
