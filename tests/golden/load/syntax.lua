--! about = a script that is no Lua
--! hook = test.run
--! expect = refused:load
--! message = syntax.lua:6: syntax error near 'end'
function run()
    x end
