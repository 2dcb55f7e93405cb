--! about = as many calls into the host as can be
--! hook = survive.run
--! expect = fault:fuel
--! grant = probe
function run(n, s)
    if n == 0 then return {} end
    while true do probe.echo(n) end
end
