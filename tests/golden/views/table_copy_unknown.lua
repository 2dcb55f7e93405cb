--! about = a copy may not have more fields than the argument
--! hook = test.change
--! expect = fault:answer
--! message = result.packet.marc: no such field in Packet; did you mean 'mark'?
--! fuel = 4104
function change(count, word, numbers, packet)
    return { packet = { mark = 1, marc = 2 } }
end
