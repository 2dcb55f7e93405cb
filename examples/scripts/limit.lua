-- examples/scripts/limit.lua
-- Refuses requests that acme does not want to serve.
function admit(client, path, bytes)
    if path == "/admin" then
        return { verdict = "REFUSE" } -- a value of an enum is written as its name
    end
    if bytes > 3500 then
        return { verdict = "DELAY" }
    end
    return {} -- a missing result has its default: ALLOW
end
