--! about = a granted function under another name, and in the place of a library's
--! hook = survive.run
--! grant = probe
--! expect = result {"integer":7}
function run(n, s)
    if n == 0 then return {} end
    string.upper, log.info = probe.echo, probe.fail
    local tostring = probe.echo
    return { integer = tostring(7) }
end
