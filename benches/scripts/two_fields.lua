-- A filter as operators write them: looks at two fields of sixty and decides.
function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH, RM_MATCH_AND_CHANGE)
  if attributes.metric > 100 and peer.remote_as == 65001 then
    return { action = RM_MATCH }
  end
  return { action = RM_NOMATCH }
end
