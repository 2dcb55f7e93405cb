--! about = nor are booleans names
--! hook = test.answer
--! expect = fault:answer
--! message = got a key that is boolean
--! fuel = 1706
function answer()
    return { [true] = 1 }
end
