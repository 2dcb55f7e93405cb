--! about = a record has a field too many
--! hook = test.answer
--! expect = fault:answer
--! message = result.pair.rigth: no such field in Pair; did you mean 'right'?
--! fuel = 3480
function answer()
    return { pair = { left = 1, rigth = 2 } }
end
