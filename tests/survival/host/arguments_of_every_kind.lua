--! about = what host calls take, and what they do not
--! hook = survive.run
--! grant = probe
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local cyclic = {}
    cyclic[1] = cyclic
    for _, value in ipairs { {}, cyclic, print, coroutine.create(print), { { {} } }, _G } do assert(probe.echo(value) == "other") end
    assert(probe.echo() == nil and probe.echo(nil) == nil and probe.echo(math.mininteger) == math.mininteger)
    assert(probe.echo(0 / 0) ~= probe.echo(0 / 0) and probe.echo("\0\255") == "\0\255")
    local many = {}
    for i = 1, 200 do many[i] = i end
    return { ok = probe.echo(table.unpack(many)) == 1 }
end
