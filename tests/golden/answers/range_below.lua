--! about = one below the least
--! hook = test.answer
--! expect = fault:answer
--! message = result.small: expected integer -5..5, got -6
--! fuel = 1684
function answer()
    return { small = -6 }
end
