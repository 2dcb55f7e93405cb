--! about = a handler that is no function, though it can be called
--! hook = test.run
--! expect = refused:load
--! message = expected a function 'run', found table
run = setmetatable({}, { __call = function() return {} end })
