--! about = an empty table means every default
--! hook = test.answer
--! expect = result {}
--! fuel = 877
function answer()
    return {}
end
