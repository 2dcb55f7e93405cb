--! about = a list that begins at 0
--! hook = test.answer
--! expect = fault:answer
--! message = result.list: expected a list with the keys 1..3, got 0 where 1 should be
--! fuel = 3424
function answer()
    return { list = { [0] = 1, 2, 3 } }
end
