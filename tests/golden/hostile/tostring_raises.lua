--! about = an error whose text is an error
--! hook = test.run
--! expect = fault:stack
--! message = C stack overflow
--! fuel = 327933
function run()
    error(setmetatable({}, { __tostring = function(self) error(self) end }))
end
