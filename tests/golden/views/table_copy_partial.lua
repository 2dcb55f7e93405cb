--! about = a table may have any of the argument's fields, views among their values
--! hook = test.change
--! expect = result {"packet":{"label":"green"}}
--! fuel = 10272
function change(count, word, numbers, packet)
    return { packet = { label = "green", tags = packet.tags, name = packet.name, path = packet.path, inner = packet.inner } }
end
