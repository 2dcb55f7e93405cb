--! about = a reply for which the guest has no room
--! hook = survive.run
--! grant = probe
--! expect = fault:host
--! message = no room
function run(n, s)
    if n == 0 then return {} end
    return { text = probe.long(1020) }
end
