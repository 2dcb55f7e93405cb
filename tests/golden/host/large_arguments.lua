--! about = arguments beyond 64 KiB
--! hook = test.run
--! grant = probe
--! expect =
--! fuel = 0
function run()
    return { ok = pcall(probe.echo, ("0123456789abcdef"):rep(8192)) }
end
