--! about = calling what is absent is an error that names it
--! hook = test.run
--! expect = fault:script
--! message = absent_called.lua:7: attempt to index a nil value (global 'os')
--! fuel = 20133
function run()
    return { text = os.getenv("HOME") }
end
