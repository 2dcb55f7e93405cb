--! about = a handler that returns nil says nothing: every result is its default
--! hook = test.answer
--! expect = result {}
--! fuel = 663
function answer()
    return nil
end
