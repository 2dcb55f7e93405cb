--! about = a hook point that fires itself ends as denied, not as an overflow
--! hook = test.observe
--! grant = probe
--! expect = result {"seen":true}
--! log = info@9 probe.nest: Denied(Nested)
--! fuel = 3750
function observe(n)
    local ok, message = pcall(probe.nest)
    if not ok then log.info(message) end
    return { seen = true }
end
