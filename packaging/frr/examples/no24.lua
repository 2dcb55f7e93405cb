-- Prefixes of at most 24 bits.
function route_match(prefix, attributes, peer)
    return { action = prefix.length <= 24 and RM_MATCH or RM_NOMATCH }
end
