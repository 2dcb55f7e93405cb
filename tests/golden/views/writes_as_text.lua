--! about = an address or prefix written as text, and an enum as its integer, read back as what they are
--! hook = test.change
--! expect = result {"done":true,"packet":{"from":"2001:db8::1","to":"10.0.0.0/8","verdict":"DROP"}}
--! fuel = 20057
function change(count, word, numbers, packet)
    packet.from = "2001:db8:0::1"
    packet.to = "10.0.0.0/8"
    packet.verdict = 1
    assert(packet.from == net.address("2001:db8::1"), "from reads back as " .. type(packet.from))
    assert(packet.to.length == 8 and packet.verdict == "DROP")
    return { done = true, packet = packet }
end
