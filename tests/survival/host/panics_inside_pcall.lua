--! about = a capability that panics inside pcall inside a coroutine
--! hook = survive.run
--! grant = probe
--! expect = fault:host
--! message = panicked
function run(n, s)
    if n == 0 then return {} end
    while true do pcall(coroutine.wrap(function() pcall(probe.panic) end)) end
end
