-- examples/scripts/endless.lua
-- Never comes back, and catches every error that it can.
function route_match(prefix, attributes, peer)
    while true do
        pcall(function()
            while true do end
        end)
    end
end
