--! about = writes do not travel unless the argument is answered
--! hook = test.change
--! expect = result {"done":true}
--! fuel = 5273
function change(count, word, numbers, packet)
    packet.mark = 99
    packet.inner.deep = 9
    return { done = packet.mark == 99 }
end
