--! about = the answer has names
--! hook = test.answer
--! expect = fault:answer
--! message = result: expected
--! message = got the key 1
--! fuel = 1455
function answer()
    return { 5 }
end
