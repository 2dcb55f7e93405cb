--! about = a capability that panics
--! hook = survive.run
--! grant = probe
--! expect = fault:host
--! message = panicked
function run(n, s)
    if n == 0 then return {} end
    probe.panic()
end
