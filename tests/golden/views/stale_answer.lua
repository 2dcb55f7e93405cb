--! about = a view of an earlier call is no answer
--! hook = test.change
--! state = kept
--! expect = result {}
--! fuel = 14393
--! expect = fault:answer
--! message = result.packet: expected a table, got a stale argument of an earlier call
--! fuel = 2658
--! expect = fault:answer
--! message = result.packet: expected a table, got a stale argument of an earlier call
--! fuel = 2658
function change(count, word, numbers, packet)
    old = old or packet
    return { packet = old }
end
