--! about = an action that is none
--! hook = bgp.route_match
--! calm = {"prefix": "192.0.2.0/25"}
--! expect = fault:answer
function route_match(prefix, attributes, peer)
    if prefix.length == 25 then return {} end
    return { action = 1 << 40 }
end
