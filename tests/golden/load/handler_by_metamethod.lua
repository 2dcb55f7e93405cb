--! about = a handler that is only there when it is looked for is none
--! hook = test.run
--! expect = refused:load
--! message = expected a function 'run', found none
setmetatable(_G, { __index = function() return function() return {} end end })
