--! about = arguments changed in place, and then something else answered
--! hook = bgp.route_match
--! expect = result {"action":"MATCH_AND_CHANGE"}
function route_match(prefix, attributes, peer)
    attributes.metric = 7
    attributes.localpref = 8
    return { action = RM_MATCH_AND_CHANGE }
end
