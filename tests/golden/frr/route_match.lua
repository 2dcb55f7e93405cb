--! about = a script for FRR's route_match as it is: writes into the argument and answers it
--! hook = bgp.route_match
--! expect = result {"action":"MATCH_AND_CHANGE","attributes":{"metric":123}}
--! fuel = 4849
function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH, RM_MATCH_AND_CHANGE) attributes.metric = 123 return { attributes = attributes, action = RM_MATCH_AND_CHANGE } end
