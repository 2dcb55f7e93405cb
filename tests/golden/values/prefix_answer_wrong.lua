--! about = an address is no prefix
--! hook = test.answer
--! expect = fault:answer
--! message = result.prefix: expected prefix or nil, got address
--! fuel = 2961
function answer()
    return { prefix = net.address("10.1.2.3") }
end
