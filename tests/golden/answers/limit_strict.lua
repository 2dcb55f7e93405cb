--! about = the strict preset's bound
--! hook = test.answer
--! policy = strict
--! expect = fault:answer
--! message = the answer is larger than 4096 bytes
--! fuel = 344243
function answer()
    return { data = ("x"):rep(5000) }
end
