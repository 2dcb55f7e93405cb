--! about = a list with a name in it
--! hook = test.answer
--! expect = fault:answer
--! message = result.list: expected a list, got the key string "n"
--! fuel = 4552
function answer()
    return { list = table.pack(1, 2) }
end
