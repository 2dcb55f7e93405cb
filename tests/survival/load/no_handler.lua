--! about = a script without a handler
--! hook = survive.run
--! expect = refused:load
--! message = expected a function 'run'
local function run() end
