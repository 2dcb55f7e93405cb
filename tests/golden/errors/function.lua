--! about = an error that is a function
--! hook = test.run
--! expect = fault:script
--! message = function: 0x
--! fuel = 19845
function run()
    error(run)
end
