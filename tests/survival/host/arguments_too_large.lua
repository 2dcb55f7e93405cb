--! about = arguments larger than a host call may have
--! hook = survive.run
--! grant = probe
--! budget = fuel=100M
--! expect = result {"text":"too large"}
function run(n, s)
    if n == 0 then return {} end
    return { text = probe.echo(("x"):rep(70000)) }
end
