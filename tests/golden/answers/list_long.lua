--! about = one element more than a list may have
--! hook = test.answer
--! expect = fault:answer
--! message = result.list: expected at most 4 elements, got more
--! fuel = 3516
function answer()
    return { list = { 1, 2, 3, 4, 5 } }
end
