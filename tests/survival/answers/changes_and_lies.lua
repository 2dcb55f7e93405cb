--! about = changes under the name of an argument that cannot be changed
--! hook = bgp.route_match
--! calm = {"prefix": "192.0.2.0/25"}
--! expect = fault:answer
function route_match(prefix, attributes, peer)
    if prefix.length == 25 then return {} end
    return { action = RM_MATCH, peer = { remote_as = 1 } }
end
