--! about = a script that raises an error while it loads
--! hook = survive.run
--! expect = refused:load
--! message = not today
error("not today")
