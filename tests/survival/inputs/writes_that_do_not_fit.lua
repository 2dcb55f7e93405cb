--! about = every kind of wrong value written to every field
--! hook = bgp.route_match
--! budget = fuel=100M
--! expect = result {}
function route_match(prefix, attributes, peer)
    for name in pairs(attributes) do
        for _, value in ipairs { -1, 1 << 40, 0.5, 0 / 0, "x", "\255", true, {}, { {} }, print, attributes, peer, setmetatable({}, { __index = print }) } do
            pcall(function() attributes[name] = value end)
        end
        pcall(function() attributes[name] = nil end)
    end
    for _, name in ipairs { 1, 0, -1, 1.5, "", "\0", "metric\0", true, {}, print } do
        assert(not pcall(function() attributes[name] = 1 end) and not pcall(function() return attributes[name] end))
    end
    return {}
end
