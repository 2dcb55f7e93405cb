--! about = nor a coroutine
--! hook = test.answer
--! expect = fault:answer
--! message = result.data: expected string of at most 200000 bytes, got thread
--! fuel = 3102
function answer()
    return { data = coroutine.create(answer) }
end
