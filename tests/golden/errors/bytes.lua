--! about = a message of any bytes is shown as text
--! hook = test.run
--! expect = fault:script
--! message = a
--! message = b
--! fuel = 17393
function run()
    error("a\xff\0\27[31mb", 0)
end
