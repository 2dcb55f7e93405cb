-- examples/scripts/limit.lua
-- Keeps requests away that acme does not want to serve.
function admit(client, path, bytes)
    if path == "/admin" then
        return { verdict = "REFUSE" } -- a value of an enum is its name
    end
    if bytes > 3500 then
        return { verdict = "DELAY" }
    end
    return {} -- a result that is left out is its default: ALLOW
end
