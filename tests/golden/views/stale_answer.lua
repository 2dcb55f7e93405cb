--! about = a view of an earlier call is no answer
--! hook = test.change
--! state = kept
--! expect = result {}
--! fuel = 14759
--! expect = fault:answer
--! message = result.packet: expected a table, got an argument of an earlier call
--! fuel = 2664
--! expect = fault:answer
--! message = result.packet: expected a table, got an argument of an earlier call
--! fuel = 2664
function change(count, word, numbers, packet)
    old = old or packet
    return { packet = old }
end
