--! about = a script that loops while it loads
--! hook = survive.run
--! expect = refused:fuel
while true do end
