--! about = an error whose text is longer than anybody reads
--! hook = test.run
--! budget = fuel=100M
--! expect = fault:script
--! message = begin xxx
--! fuel = 3843050
function run()
    error(setmetatable({}, { __tostring = function() return "begin " .. ("xxx\0\27[2J"):rep(50000) end }))
end
