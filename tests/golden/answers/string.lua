--! about = nor a string
--! hook = test.answer
--! expect = fault:answer
--! message = result: expected a table, got string "text"
--! fuel = 699
function answer()
    return "text"
end
