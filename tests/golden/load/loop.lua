--! about = a script that loads without end
--! hook = test.run
--! expect = refused:fuel
--! message = out of fuel
function run() end
while true do end
