--! about = a table that was written is checked as it is when the handler returns
--! hook = test.change
--! expect = fault:answer
--! message = result.packet.tags[2]: expected string of at most 65536 bytes, got table
--! fuel = 5804
function change(count, word, numbers, packet)
    local tags = { "x", "y" }
    packet.tags = tags
    tags[2] = {}
    return { packet = packet }
end
