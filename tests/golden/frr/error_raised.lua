--! about = a handler that raises an error (FRR's bad_return3)
--! hook = test.bad_return
--! expect = fault:script
--! message = error_raised.lua:9: something bad
--! traceback = [C]: in global 'error'
--! traceback = error_raised.lua:9: in function <error_raised.lua:8>
--! fuel = 20828
function bad_return()
    error("something bad")
end
