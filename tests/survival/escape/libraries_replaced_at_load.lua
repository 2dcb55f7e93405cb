--! about = libraries replaced while the script loads
--! hook = survive.run
--! expect = result {"text":"table: own"}
local own = setmetatable({}, { __tostring = function() return "table: own" end })
local text = tostring
for _, library in ipairs { string, table, math, utf8, coroutine, net, log, debug } do
    for name in next, library do library[name] = function() error("replaced " .. name) end end
end
for _, name in ipairs { "pcall", "error", "assert", "type", "next", "rawget", "rawset", "select", "setmetatable", "load", "warn", "print" } do
    _G[name] = nil
end
function run(n)
    if n == 0 then return {} end
    return { text = text(own) }
end
