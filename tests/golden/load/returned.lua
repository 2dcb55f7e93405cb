--! about = what a script returns is not its handler
--! hook = test.run
--! expect = refused:load
--! message = expected a function 'run'
return { run = function() return {} end }
