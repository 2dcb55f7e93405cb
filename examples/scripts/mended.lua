-- examples/scripts/mended.lua
-- The corrected version of slow.lua.
function admit(client, path, bytes)
    if path == "/orders/7" then
        return { verdict = "DELAY" }
    end
    return {}
end
