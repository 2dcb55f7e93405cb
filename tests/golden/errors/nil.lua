--! about = an error that is nil
--! hook = test.run
--! expect = fault:script
--! message = nil
--! fuel = 16723
function run()
    error()
end
