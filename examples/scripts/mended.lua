-- examples/scripts/mended.lua
-- What slow.lua was meant to be.
function admit(client, path, bytes)
    if path == "/orders/7" then
        return { verdict = "DELAY" }
    end
    return {}
end
