--! about = an error that is a table shows its fields
--! hook = test.run
--! expect = fault:script
--! message = error value {code = 5}
--! traceback = table.lua:8: in function
--! fuel = 19229
function run()
    error({ code = 5 })
end
