--! about = text that is no address
--! hook = test.answer
--! expect = fault:answer
--! message = result.address: expected address or nil, got "10.1.2"
--! fuel = 1745
function answer()
    return { address = "10.1.2" }
end
