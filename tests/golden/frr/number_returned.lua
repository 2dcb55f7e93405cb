--! about = a handler that returns a number (FRR's bad_return2)
--! hook = test.bad_return
--! expect = fault:answer
--! message = result: expected a table, got integer
--! fuel = 640
function bad_return()
    return 1
end
