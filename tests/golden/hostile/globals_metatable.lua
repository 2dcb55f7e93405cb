--! about = a metatable on the globals does not get between the host and the handler
--! hook = test.run
--! state = kept
--! expect = result {"ok":true}
--! fuel = 6247
--! expect = result {"integer":1,"ok":true}
--! fuel = 3530
local calls = 0
function run()
    local before = calls
    calls = calls + 1
    if before > 0 then return { ok = true, integer = before } end
    setmetatable(_G, { __index = function() error("asked") end, __newindex = function() error("set") end, __metatable = 1 })
    return { ok = true, integer = before }
end
run, handler = nil, run
function run(...) return handler(...) end
