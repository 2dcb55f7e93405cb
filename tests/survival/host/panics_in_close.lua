--! about = a capability that panics on the way out
--! hook = survive.run
--! grant = probe
--! expect = fault:host
--! message = panicked
function run(n, s)
    if n == 0 then return {} end
    local guard <close> = setmetatable({}, { __close = probe.panic })
    error("first")
end
