-- examples/scripts/import.lua
-- Accepts routes of at most 24 bits, and prefers those of one neighbour.
function route_match(prefix, attributes, peer)
    if prefix.length > 24 then
        return { action = RM_NOMATCH } -- one of FRR's constants
    end
    if peer.remote_as == 64500 then
        return { action = "MATCH_AND_CHANGE", attributes = { localpref = 200 } } -- or the name of the value
    end
    return { action = RM_MATCH }
end
