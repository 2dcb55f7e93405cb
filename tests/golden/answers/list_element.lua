--! about = the path names the element
--! hook = test.answer
--! expect = fault:answer
--! message = result.tree.pairs[2].left: expected integer -5..5, got string "a"
--! fuel = 6849
function answer()
    return { tree = { label = "x", pairs = { { left = 1 }, { left = "a" } } } }
end
