--! about = an empty table means every default
--! hook = test.answer
--! expect = result {}
--! fuel = 880
function answer()
    return {}
end
