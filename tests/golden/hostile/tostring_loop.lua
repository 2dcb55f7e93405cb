--! about = an error whose text never comes
--! hook = test.run
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 10000000
function run()
    error(setmetatable({}, { __tostring = function() while true do end end }))
end
