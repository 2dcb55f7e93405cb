--! about = a script that recurses without end while it loads
--! hook = survive.run
--! expect = refused:stack
local function deeper() return 1 + deeper() end
deeper()
