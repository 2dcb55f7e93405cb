--! about = every field that FRR's scripting has, under FRR's name and with FRR's kind of value
--! hook = bgp.route_match
--! expect = result {"action":"MATCH"}
--! log = info@32 seen
--! fuel = 129630
function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH, RM_MATCH_AND_CHANGE)
    assert(RM_FAILURE == 0 and RM_NOMATCH == 1 and RM_MATCH == 2 and RM_MATCH_AND_CHANGE == 3)
    assert(type(prefix.network) == "string" and prefix.network:match("^[%d.]+/%d+$"))
    assert(math.type(prefix.length) == "integer" and prefix.family == 2)
    for _, name in ipairs { "metric", "ifindex", "localpref" } do
        assert(math.type(attributes[name]) == "integer", name)
    end
    assert(attributes.aspath == "64500 64510 64511")
    for _, name in ipairs { "remote_as", "local_as", "uptime", "last_readtime", "last_resettime", "capabilities", "flags" } do
        assert(math.type(peer[name]) == "integer", name)
    end
    for _, name in ipairs { "remote_id", "local_id", "local_address", "remote_address" } do
        assert(math.type(peer[name].value) == "integer" and type(peer[name].string) == "string", name)
    end
    assert(peer.state == "Established" and type(peer.description) == "string")
    for _, kind in ipairs { "configured", "negotiated" } do
        for _, name in ipairs { "hold", "keepalive", "connect", "route_advertisement" } do
            assert(math.type(peer.timers[kind][name]) == "integer", name)
        end
    end
    for _, name in ipairs {
        "open_in", "open_out", "update_in", "update_out", "update_time", "keepalive_in", "keepalive_out", "notify_in",
        "notify_out", "refresh_in", "refresh_out", "dynamic_cap_in", "dynamic_cap_out", "times_established", "times_dropped",
    } do
        assert(math.type(peer.stats[name]) == "integer", name)
    end
    log.info("seen")
    return { action = RM_MATCH }
end
