--! about = a reader that loads with a reader that loads
--! hook = survive.run
--! expect = result {"ok":true}
local function reader() return load(reader) and "" or nil end
function run(n, s)
    if n == 0 then return {} end
    local function deeper() load(deeper) return nil end
    local chunk = load(deeper)
    return { ok = chunk ~= nil or chunk == nil }
end
