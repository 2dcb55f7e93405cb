--! about = what a host call is given cannot yield
--! hook = survive.run
--! expect = result {"ok":true}
--! grant = probe
function run(n, s)
    if n == 0 then return {} end
    local thread = coroutine.wrap(function()
        probe.echo(setmetatable({}, { __tostring = coroutine.yield, __index = coroutine.yield, __pairs = coroutine.yield }))
        coroutine.yield(probe.echo("between"))
        return "end"
    end)
    return { ok = thread() == "between" and thread() == "end" }
end
