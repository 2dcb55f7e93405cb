--! about = a value equal to the one given is no change
--! hook = test.change
--! expect = result {}
--! fuel = 18139
function change(count, word, numbers, packet)
    packet.mark = 99
    packet.mark = 7
    packet.weight = 1 / 2
    packet.tags = { "a", "b" }
    packet.from = "192.0.2.1"
    packet.verdict = 7
    packet.maybe = 9.0
    packet.inner.deep = 3
    return { packet = packet, count = 200.0, word = "old", numbers = { 1, -2, 3 } }
end
