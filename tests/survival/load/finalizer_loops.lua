--! about = a finalizer that loops when the load's garbage is collected
--! hook = survive.run
--! expect = refused:fuel
local armed = setmetatable({}, { __gc = function() while true do end end })
armed = nil
function run() return {} end
