--! about = a script cannot yield while it loads
--! hook = test.run
--! expect = refused:load
--! message = attempt to yield from outside a coroutine
function run() end
coroutine.yield()
