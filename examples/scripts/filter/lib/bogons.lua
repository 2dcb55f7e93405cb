-- examples/scripts/filter/lib/bogons.lua
-- Runs once, when the script is loaded: every call starts from what is built here.
local list = {}
for _, text in ipairs { "10.0.0.0/8", "127.0.0.0/8", "192.168.0.0/16", "224.0.0.0/3" } do
    list[#list + 1] = net.prefix(text)
end

local bogons = {}

function bogons.has(prefix)
    for _, bogon in ipairs(list) do
        if bogon:contains(prefix.network) then
            return true
        end
    end
    return false
end

return bogons
