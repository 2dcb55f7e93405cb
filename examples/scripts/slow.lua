-- examples/scripts/slow.lua
-- Loops forever for one path.
function admit(client, path, bytes)
    while path == "/orders/7" do end
    return {}
end
