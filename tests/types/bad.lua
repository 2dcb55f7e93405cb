-- Each line that is marked has something wrong in it.

---@param prefix tenterhook.Prefix
---@param attributes bgp.Attributes
---@param peer bgp.Peer
---@return bgp.route_match.Answer
function route_match(prefix, attributes, peer)
    log.inform("no such function") -- wrong: undefined-field
    local metric = attributes.metrik -- wrong: undefined-field
    local hold = peer.timers.configured.hold_time -- wrong: undefined-field
    prefix:contains(5) -- wrong: param-type-mismatch
    if metric == hold then
        return { action = "MATHC" } -- wrong: type-mismatch
    end
    return "MATCH" -- wrong: return-type-mismatch
end
