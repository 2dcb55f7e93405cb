--! about = an error that is a number has no position
--! hook = test.run
--! expect = fault:script
--! message = 42
--! fuel = 17625
function run()
    error(42)
end
