--! about = a script that yields while it loads
--! hook = survive.run
--! expect = refused:load
coroutine.yield()
