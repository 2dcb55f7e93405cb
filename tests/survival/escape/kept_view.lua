--! about = an argument kept for the next call
--! state = kept
--! hook = bgp.route_match
--! expect = result {"action":"MATCH"}
--! expect = result {"action":"MATCH"}
local kept
function route_match(prefix, attributes, peer)
    if kept then
        local ok, message = pcall(function() return kept.metric end)
        assert(not ok and message:find("ended", 1, true) or message:find("call", 1, true), message)
        assert(not pcall(function() kept.metric = 7 end) and not pcall(pairs, kept) and not pcall(function() return #kept.communities end))
    end
    kept = attributes
    return { action = RM_MATCH }
end
