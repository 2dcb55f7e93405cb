--! about = values to a capability and back
--! hook = test.run
--! grant = probe
--! expect = result {"ok":true}
--! fuel = 201165
function run()
    for _, value in ipairs { true, false, 0, -1, math.mininteger, 1.5, -math.huge, "", "a\0b", ("x"):rep(1000) } do
        assert(probe.echo(value) == value)
        assert(math.type(probe.echo(value)) == math.type(value))
    end
    assert(select("#", probe.echo(nil)) == 0 and select("#", probe.echo()) == 0)
    assert(probe.echo(net.address("::1")) == "::1" and probe.echo(net.prefix("::/0")) == "::/0")
    assert(probe.echo({ 1, { 2 } }) == "other" and probe.echo(run) == "other")
    assert(probe.echo(1, 2, 3) == 1)
    local nan = probe.echo(tonumber("nan") or math.huge - math.huge)
    assert(nan ~= nan)
    return { ok = true }
end
