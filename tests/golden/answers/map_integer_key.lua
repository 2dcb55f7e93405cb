--! about = a map has names
--! hook = test.answer
--! expect = fault:answer
--! message = result.map: expected string keys, got the key 1
--! fuel = 2821
function answer()
    return { map = { 1, 2 } }
end
