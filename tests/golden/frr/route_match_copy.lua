--! about = a table copied from the argument may be answered, as FRR's scripts do
--! hook = bgp.route_match
--! expect = result {"action":"MATCH_AND_CHANGE","attributes":{"localpref":7}}
--! fuel = 38006
function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH, RM_MATCH_AND_CHANGE)
    local copy = {}
    for key, value in pairs(attributes) do copy[key] = value end
    copy.localpref = 7
    return { attributes = copy, action = RM_MATCH_AND_CHANGE }
end
