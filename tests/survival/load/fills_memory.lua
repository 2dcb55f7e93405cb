--! about = a script that fills memory while it loads
--! hook = survive.run
--! expect = refused:memory
local t = {}
for i = 1, math.huge do t[i] = {} end
