--! about = an argument that is not inout is no key of the answer
--! hook = test.change
--! expect = fault:answer
--! message = result.other: unknown key
--! fuel = 3429
function change(count, word, numbers, packet, other)
    return { other = other }
end
