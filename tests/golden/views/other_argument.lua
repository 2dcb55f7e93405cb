--! about = one argument is not another
--! hook = test.change
--! expect = fault:answer
--! message = result.packet
--! fuel = 3429
function change(count, word, numbers, packet, other)
    return { packet = other }
end
