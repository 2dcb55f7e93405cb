--! about = a list with a hole
--! hook = test.answer
--! expect = fault:answer
--! message = result.list: expected a list with the keys 1..3, got 4 where 3 should be
--! fuel = 3194
function answer()
    return { list = { 1, 2, nil, 4 } }
end
