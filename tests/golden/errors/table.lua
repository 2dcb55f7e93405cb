--! about = an error that is a table
--! hook = test.run
--! expect = fault:script
--! message = table: 0x
--! traceback = table.lua:8: in function
--! fuel = 20120
function run()
    error({ code = 5 })
end
