--! about = an error that is caught and raised again keeps its first position
--! hook = test.run
--! expect = fault:script
--! message = rethrown.lua:8: deep
--! traceback = rethrown.lua:11: in function <rethrown.lua:9>
--! fuel = 0
local function deep() error("deep") end
function run()
    local ok, message = pcall(deep)
    error(message, 0)
end
