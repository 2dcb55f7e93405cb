-- Matches, and changes the two attributes that FRR's scripting can change.
function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH, RM_MATCH_AND_CHANGE)
  return {
    action = RM_MATCH_AND_CHANGE,
    attributes = { metric = attributes.metric + 10, localpref = attributes.localpref + 50 },
  }
end
