--! about = an error that is caught and raised again keeps its first position
--! hook = test.run
--! expect = fault:script
--! message = rethrown.lua:7: deep
--! traceback = rethrown.lua:10: in function <rethrown.lua:8>
--! fuel = 23162
local function deep() error("deep") end
function run()
    local ok, message = pcall(deep)
    error(message, 0)
end
