--! about = addresses are values: text, family, FRR's number, equality, order
--! hook = test.scalars
--! args = {"address": "192.0.2.1"}
--! expect = result {"text":"192.0.2.1 2 16908480","address":"2001:db8::ff"}
--! fuel = 80265
function scalars(_, _, _, _, _, _, _, _, _, _, _, _, address)
    assert(address == net.address("192.0.2.1") and address ~= net.address("192.0.2.2"))
    assert(address < net.address("192.0.2.2") and address <= address and not (address < address))
    assert(net.address("255.255.255.255") < net.address("::"), "IPv4 before IPv6")
    assert(net.address(address) == address and address ~= "192.0.2.1" and address ~= nil)
    assert(net.address("::1").value == nil and net.address("::1").family == 10)
    for text, same in pairs {
        ["2001:DB8:0:0:0:0:0:1"] = "2001:db8::1", ["0:0:0:0:0:0:0:0"] = "::", ["::ffff:192.0.2.1"] = "::ffff:192.0.2.1",
        ["1:0:0:2:0:0:0:3"] = "1:0:0:2::3", ["::2:3:4:5:6:7:8"] = "0:2:3:4:5:6:7:8", ["fe80::"] = "fe80::",
    } do
        assert(tostring(net.address(text)) == same, text)
    end
    local keys = {}
    for key, value in pairs(address) do keys[#keys + 1] = key .. "=" .. tostring(value) end
    assert(table.concat(keys, " ") == "string=192.0.2.1 value=16908480", table.concat(keys, " "))
    return { address = "2001:db8:0::ff", text = table.concat({ address.string, address.family, address.value }, " ") }
end
