--! about = an error whose text is none
--! hook = test.run
--! expect = fault:script
--! message = '__tostring' must return a string
--! fuel = 27103
function run()
    error(setmetatable({}, { __tostring = function() return {} end }))
end
