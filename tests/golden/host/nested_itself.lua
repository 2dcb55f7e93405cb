--! about = a hook point that fires itself ends as denied, not as an overflow
--! hook = test.observe
--! grant = probe
--! expect = result {"seen": true}
--! fuel = 0
function observe(n)
    local ok, message = pcall(probe.nest)
    if not ok then log.info(message) end
    return { seen = true }
end
