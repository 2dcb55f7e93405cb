--! about = a traceback names functions as Lua does, and shortens what is long
--! hook = test.run
--! expect = fault:script
--! message = traceback.lua:16: at the end
--! traceback = traceback.lua:17: in upvalue 'down'
--! traceback = (skipping
--! traceback = traceback.lua:19: in method 'go'
--! traceback = traceback.lua:22: in local 'start'
--! traceback = traceback.lua:25: in function <traceback.lua:21>
--! fuel = 163058
--
local down
--
--
function down(n)
    if n == 0 then error("at the end") end
    return 1 + down(n - 1)
end
local object = { go = function(self) down(60) return 1 end }
--
function run()
    local function start() return 1 + object:go() end
    --
    --
    return { integer = 1 + start() }
end
