--! about = a handler that returns nothing (FRR's bad_return1) says nothing: the result is its default
--! hook = test.bad_return
--! expect = result {}
--! fuel = 511
function bad_return()
end
