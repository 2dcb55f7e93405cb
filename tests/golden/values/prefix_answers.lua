--! about = prefixes in answers keep their host bits, as a value and as text
--! hook = test.answer
--! expect = result {"address":"10.1.2.3","prefix":"10.1.2.3/8"}
--! fuel = 8817
function answer()
    local value = net.prefix("10.1.2.3/8")
    assert(value ~= net.prefix("10.0.0.0/8") and value:contains("10.255.0.0/16"))
    return { prefix = value, address = net.address("10.1.2.3") }
end
