--! about = a capability that panics while the script loads
--! hook = survive.run
--! grant = probe
--! expect = refused:host
--! message = panicked
pcall(probe.panic)
function run() return {} end
