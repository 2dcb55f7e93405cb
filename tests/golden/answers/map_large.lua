--! about = one entry more than a map may have
--! hook = test.answer
--! expect = fault:answer
--! message = result.map: expected at most 4 entries, got more
--! fuel = 5190
function answer()
    return { map = { a = 1, b = 2, c = 3, d = 4, e = 5 } }
end
