--! about = the least
--! hook = test.answer
--! expect = result {"small":-5}
--! fuel = 1684
function answer()
    return { small = -5.0 }
end
