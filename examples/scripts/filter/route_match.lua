-- examples/scripts/filter/route_match.lua
-- Refuses networks that nobody may announce; the list is a module of its own.
local bogons = require "lib.bogons"

function route_match(prefix, attributes, peer)
    if bogons.has(prefix) then
        log.notice("refused " .. prefix.network)
        return { action = "NOMATCH" }
    end
    return { action = "MATCH" }
end
