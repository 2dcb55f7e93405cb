--! about = a capability may fire another hook point
--! hook = test.run
--! grant = probe
--! expect = result {"ok":true}
--! fuel = 3373
function run()
    probe.nest()
    return { ok = true }
end
