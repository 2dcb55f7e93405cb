--! about = a list with a float for a key
--! hook = test.answer
--! expect = fault:answer
--! message = result.list: expected a list, got the key 1.5
--! fuel = 2999
function answer()
    return { list = { [1.5] = 1 } }
end
