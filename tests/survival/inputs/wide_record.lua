--! about = every field of the widest argument read, written and walked
--! hook = bgp.route_match
--! expect = result {"action":"MATCH"}
function route_match(prefix, attributes, peer)
    local function walk(value, depth)
        if type(value) == "userdata" and depth < 6 then
            local ok = pcall(function() for k, v in pairs(value) do walk(k, depth + 1) walk(v, depth + 1) end end)
            assert(ok or tostring(value))
        end
    end
    walk(prefix, 0) walk(attributes, 0) walk(peer, 0)
    return { action = RM_MATCH }
end
