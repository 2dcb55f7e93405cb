--! about = an empty table means every default
--! hook = test.answer
--! expect = result {}
--! fuel = 1180
function answer()
    return {}
end
