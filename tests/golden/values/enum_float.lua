--! about = a float that is no integer is no enum
--! hook = test.answer
--! expect = fault:answer
--! message = result.color: expected RED, GREEN or BLUE, got 10.5
--! fuel = 1684
function answer()
    return { color = 10.5 }
end
