--! about = a handler that returns nothing (FRR's bad_return1)
--! hook = test.bad_return
--! expect = fault:answer
--! message = result: expected a table, got nothing (the handler returned no value)
--! fuel = 511
function bad_return()
end
