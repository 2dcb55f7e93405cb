-- Nothing in here is wrong.

---@param prefix tenterhook.Prefix
---@param attributes bgp.Attributes
---@param peer bgp.Peer
---@return bgp.route_match.Answer
function route_match(prefix, attributes, peer)
    log.info(prefix.network .. " from " .. peer.remote_id.string)
    if prefix:contains(net.address("192.0.2.1")) and attributes.metric > 5 then
        return { action = "MATCH_AND_CHANGE", attributes = { metric = attributes.metric + 1, next_hop = "192.0.2.2" } }
    end
    for _, community in ipairs(attributes.communities) do
        if community == "65000:100" then
            return { action = RM_MATCH }
        end
    end
    if peer.timers.configured.hold > 90 then
        return { action = "NOMATCH", attributes = attributes }
    end
    return {}
end
