--! about = a capability that takes its time
--! hook = survive.run
--! grant = probe
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    probe.slow()
    return { ok = true }
end
