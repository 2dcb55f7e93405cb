--! about = arguments beyond 64 KiB arrive as something that no function takes
--! hook = test.run
--! grant = probe
--! expect = result {"text":"too large"}
--! fuel = 1072172
function run()
    return { text = probe.echo(("0123456789abcdef"):rep(8192)) }
end
