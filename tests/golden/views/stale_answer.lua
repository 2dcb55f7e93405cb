--! about = a view of an earlier call is no answer
--! hook = test.change
--! state = kept
--! expect = result {}
--! expect = fault:answer
--! message = result.packet: expected a table, got an argument of an earlier call
--! expect = fault:answer
--! message = result.packet: expected a table, got an argument of an earlier call
function change(count, word, numbers, packet)
    old = old or packet
    return { packet = old }
end
