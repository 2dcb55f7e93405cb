--! about = a record lacks a field that is not optional
--! hook = test.answer
--! expect = fault:answer
--! message = result.pair.left: expected integer -5..5, got nothing
--! fuel = 2801
function answer()
    return { pair = { right = 1.5 } }
end
