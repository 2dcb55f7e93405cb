--! about = what was written is read back, and travels back
--! hook = test.change
--! expect = result {"done":true,"packet":{"mark":4294967295,"weight":2.0,"label":"12345678","from":"2001:db8::1",
--!     "to":"10.0.0.0/8","verdict":"DROP","maybe":null,"tags":["x","y"],"inner":{"deep":255}}}
--! fuel = 58014
function change(count, word, numbers, packet)
    packet.mark = 2 ^ 32 - 1
    packet.weight = 2
    packet.label = "12345678"
    packet.from = net.address("2001:db8::1")
    packet.to = net.prefix("10.0.0.0/8")
    packet.verdict = "DROP"
    packet.maybe = nil
    packet.tags = { "x", "y" }
    packet.inner.deep = packet.inner.deep + 252
    assert(packet.mark == 4294967295 and packet.weight == 2 and packet.label == "12345678" and packet.maybe == nil)
    assert(packet.from == net.address("2001:db8::1") and packet.to.length == 8 and packet.verdict == "DROP")
    assert(#packet.tags == 2 and packet.tags[2] == "y" and packet.inner.deep == 255)
    local seen = {}
    for key, value in pairs(packet) do seen[key] = value end
    assert(seen.mark == 4294967295 and seen.maybe == nil and seen.tags[1] == "x")
    return { done = true, packet = packet }
end
