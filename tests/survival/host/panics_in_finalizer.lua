--! about = a capability that panics under the collector
--! hook = survive.run
--! grant = probe
--! budget = fuel=50M
--! expect = fault:host
--! message = panicked
function run(n, s)
    if n == 0 then return {} end
    while true do setmetatable({}, { __gc = probe.panic }) end
end
