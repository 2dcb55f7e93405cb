--! about = a capability that fires the hook point it is called from
--! hook = survive.run
--! grant = probe
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    -- Each level asks for one more, until there are too many of them.
    local ok, message = pcall(probe.nest)
    return { ok = ok or message:find("Nested", 1, true) ~= nil }
end
