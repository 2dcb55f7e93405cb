--! about = nor tables
--! hook = test.answer
--! expect = fault:answer
--! message = result.map: expected string keys, got a key that is table
--! fuel = 3148
function answer()
    return { map = { [{}] = 1 } }
end
