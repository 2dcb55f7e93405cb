--! about = calling what is absent is an error that names it, and says what to use instead
--! hook = test.run
--! expect = fault:script
--! message = absent_called.lua:8: attempt to index a nil value (global 'os'); os is not in the sandbox
--! message = use the hook point's arguments, or a capability of the program
--! fuel = 20232
function run()
    return { text = os.getenv("HOME") }
end
