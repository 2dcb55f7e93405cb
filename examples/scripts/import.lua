-- examples/scripts/import.lua
-- Takes routes of at most 24 bits, and prefers those of one neighbour.
function route_match(prefix, attributes, peer)
    if prefix.length > 24 then
        return { action = RM_NOMATCH } -- FRR's names for the integers are there as well,
    end
    if peer.remote_as == 64500 then
        return { action = "MATCH_AND_CHANGE", attributes = { localpref = 200 } } -- and so are strings
    end
    return { action = RM_MATCH }
end
