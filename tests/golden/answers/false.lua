--! about = neither is false
--! hook = test.answer
--! expect = fault:answer
--! message = result: expected a table, got boolean
--! fuel = 624
function answer()
    return false
end
