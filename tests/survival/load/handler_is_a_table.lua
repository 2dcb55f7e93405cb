--! about = a handler that is a table that can be called
--! hook = survive.run
--! expect = refused:load
run = setmetatable({}, { __call = function() return {} end })
