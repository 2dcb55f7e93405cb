--! about = a stale view raises an error that says so, whatever is done with it
--! hook = test.change
--! state = kept
--! expect = result {}
--! fuel = 15851
--! expect = result {"done":true}
--! log = info@26 stale.lua:28: 'packet' is stale: the call it belongs to ended; copy what you need
--! log = info@26 stale.lua:29: 'packet' is stale: the call it belongs to ended; copy what you need
--! log = info@26 stale.lua:30: 'packet.inner' is stale: the call it belongs to ended; copy what you need
--! log = info@26 stale.lua:31: 'packet.tags' is stale: the call it belongs to ended; copy what you need
--! log = info@26 stale.lua:32: 'numbers' is stale: the call it belongs to ended; copy what you need
--! log = info@26 'packet' is stale: the call it belongs to ended; copy what you need
--! log = info@26 'numbers' is stale: the call it belongs to ended; copy what you need
--! log = info@26 'packet' is stale: the call it belongs to ended; copy what you need
--! log = info@36 the same place is equal: false
--! log = info@26 stale.lua:20: 'packet' is stale: the call it belongs to ended; copy what you need
--! fuel = 96635
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
    log.info("the same place is equal: " .. tostring(old.packet == packet))
    refused(old.closure)
    assert(packet.mark == 7)
    return { done = true }
end
