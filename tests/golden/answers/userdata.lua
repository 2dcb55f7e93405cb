--! about = an address alone is no answer
--! hook = test.answer
--! expect = fault:answer
--! message = result: expected a table, got address
--! fuel = 1982
function answer()
    return net.address("::1")
end
