--! about = an enum's integer may be the least there is, given as a float too
--! hook = test.answer
--! expect = result {"color":"BLUE"}
--! fuel = 1684
function answer()
    return { color = -2.0 ^ 63 }
end
