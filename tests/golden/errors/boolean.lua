--! about = an error that is a boolean
--! hook = test.run
--! expect = fault:script
--! message = false
--! fuel = 16769
function run()
    error(false)
end
