--! about = an answer of exactly as many bytes as the budget has
--! hook = test.answer
--! budget = answer=256B
--! expect = 
--!     result {"data":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}
--! fuel = 26081
function answer()
    -- On the wire a table is 2 bytes, a string 5 and its own bytes: the key takes 9 of them, the value the others.
    return { data = ("x"):rep(256 - 2 - 9 - 5) }
end
