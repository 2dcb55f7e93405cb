-- examples/scripts/misspelt.lua
-- Contains a mistake in each line of its function.
function route_match(prefix, attributes, peer)
    if attributes.metrik == 50 then
        return { action = "MATHC" }
    end
    return { acton = RM_MATCH_AND_CHANGE, attributes = { metric = -1 } }
end
