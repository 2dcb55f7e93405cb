--! about = a script that takes all memory while it loads
--! hook = test.run
--! policy = strict
--! expect = refused:memory
--! message = did not fit in 1 MiB
function run() end
local t = {}
while true do t[#t + 1] = {} end
