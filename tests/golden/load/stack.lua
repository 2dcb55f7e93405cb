--! about = a script that recurses while it loads
--! hook = test.run
--! expect = refused:stack
--! message = stack overflow
function run() return 1 + run() end
run()
