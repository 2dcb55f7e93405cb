--! about = a script that raises what has no text while it loads
--! hook = survive.run
--! expect = refused:load
error(setmetatable({}, { __tostring = function() return nil end }))
