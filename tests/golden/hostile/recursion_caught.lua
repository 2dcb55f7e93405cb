--! about = Lua's own stack overflow can be caught, and the script goes on
--! hook = test.run
--! expect = result {"integer":1,"ok":true}
--! fuel = 8237083
function run()
    local function f() return 1 + f() end
    local ok, message = pcall(f)
    return { ok = not ok and message:find("stack overflow", 1, true) ~= nil, integer = 1 }
end
