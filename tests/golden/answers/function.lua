--! about = nor a function
--! hook = test.answer
--! expect = fault:answer
--! message = result: expected a table, got function
--! fuel = 707
function answer()
    return answer
end
