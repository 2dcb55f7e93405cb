--! about = arguments beyond what any function takes are left out
--! hook = test.run
--! grant = probe
--! expect = result {"integer":1}
--! fuel = 132582
function run()
    local many = {}
    for i = 1, 200 do many[i] = i end
    return { integer = probe.echo(table.unpack(many)) }
end
