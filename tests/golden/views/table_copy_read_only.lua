--! about = a copy may not change what is read-only
--! hook = test.change
--! expect = fault:answer
--! message = result.packet.inner.fixed: is read-only, got another value
--! fuel = 7290
function change(count, word, numbers, packet)
    return { packet = { mark = 1, name = packet.name, inner = { deep = 1, fixed = "other" } } }
end
