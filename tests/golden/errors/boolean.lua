--! about = an error that is a boolean
--! hook = test.run
--! expect = fault:script
--! message = false
--! fuel = 17421
function run()
    error(false)
end
