--! about = an error that has a name
--! hook = test.run
--! expect = fault:script
--! message = Problem: 0x
--! fuel = 22345
function run()
    error(setmetatable({}, { __name = "Problem" }))
end
