--! about = nor a loop of pcalls that swallow everything
--! hook = test.run
--! policy = strict
--! expect = fault:fuel
--! message = out of fuel: the call used up its budget of 1 M
--! fuel = 1000000
function run()
    while true do pcall(error) xpcall(error, function() error() end) pcall(string.rep) end
end
