--! about = there is no password among the peer's fields
--! hook = bgp.route_match
--! expect = fault:script
--! message = no field 'password' in peer
--! fuel = 128448
function route_match(prefix, attributes, peer)
    for key in pairs(peer) do assert(not key:find("pass")) end
    return { action = peer.password }
end
