--! about = nil is no table
--! hook = test.answer
--! expect = fault:answer
--! message = result: expected a table, got nil
--! fuel = 663
function answer()
    return nil
end
