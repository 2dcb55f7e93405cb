--! about = a script that fails while it loads
--! hook = test.run
--! expect = refused:load
--! message = runtime.lua:6: not today
function run() end
local function fail() error("not today") end
fail()
