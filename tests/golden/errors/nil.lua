--! about = an error that is nil
--! hook = test.run
--! expect = fault:script
--! message = nil
--! fuel = 16876
function run()
    error()
end
