--! about = one argument is not another
--! hook = test.change
--! expect = fault:answer
--! message = result.packet
--! fuel = 3435
function change(count, word, numbers, packet, other)
    return { packet = other }
end
