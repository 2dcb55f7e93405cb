--! about = a change one beyond what a field holds
--! hook = bgp.route_match
--! calm = {"prefix": "192.0.2.0/25"}
--! expect = fault:answer
function route_match(prefix, attributes, peer)
    if prefix.length == 25 then return {} end
    return { action = RM_MATCH_AND_CHANGE, attributes = { metric = 4294967296 } }
end
