--! about = an answer over the budget
--! hook = test.answer
--! budget = answer=256B
--! expect = fault:answer
--! message = the answer is larger than 256 bytes
--! fuel = 26140
function answer()
    return { data = ("x"):rep(241) }
end
