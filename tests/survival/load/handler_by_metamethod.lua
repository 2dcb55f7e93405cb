--! about = a handler that only a metamethod finds
--! hook = survive.run
--! expect = refused:load
setmetatable(_G, { __index = function() return function() return {} end end })
