--! about = the metatables of what the host gives are not to be had
--! hook = bgp.route_match
--! expect = result {"action":"MATCH"}
function route_match(prefix, attributes, peer)
    for _, value in ipairs { prefix, attributes, peer, attributes.communities, net.address("192.0.2.1"), net.prefix("192.0.2.0/24") } do
        assert(type(value) == "userdata" and not getmetatable(value))
        assert(not pcall(setmetatable, value, {}) and not pcall(rawset, value, "x", 1) and not pcall(rawget, value, "x"))
        assert(not pcall(next, value) and not pcall(rawlen, value))
    end
    return { action = RM_MATCH }
end
