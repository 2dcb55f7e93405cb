--! about = a reply of a hundred million bytes
--! hook = survive.run
--! grant = probe
--! expect = fault:host
function run(n, s)
    if n == 0 then return {} end
    return { text = probe.long(100000000) }
end
