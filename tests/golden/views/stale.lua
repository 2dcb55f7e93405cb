--! about = a view kept beyond its call says so, whatever is done with it
--! hook = test.change
--! state = kept
--! expect = result {}
--! expect = result {"done": true}
function change(count, word, numbers, packet)
    if not old then
        old = { packet = packet, inner = packet.inner, tags = packet.tags, numbers = numbers, closure = function() return packet.mark end }
        return {}
    end
    local function refused(f)
        local ok, message = pcall(f)
        assert(not ok)
        log.info(message)
    end
    refused(function() return old.packet.mark end)
    refused(function() old.packet.mark = 1 end)
    refused(function() return old.inner.deep end)
    refused(function() return #old.tags end)
    refused(function() return old.numbers[1] end)
    refused(function() return pairs(old.packet) end)
    refused(function() for i in ipairs(old.numbers) do end end)
    refused(function() return tostring(old.packet) end)
    refused(function() return old.packet == packet end)
    refused(old.closure)
    assert(packet.mark == 7)
    return { done = true }
end
