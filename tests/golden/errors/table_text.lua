--! about = an error that says what it is
--! hook = test.run
--! expect = fault:script
--! message = problem 5
--! fuel = 22379
function run()
    error(setmetatable({ code = 5 }, { __tostring = function(self) return "problem " .. self.code end }))
end
