--! about = what may not be written, and what is said
--! hook = test.change
--! expect = result {"done": true}
function change(count, word, numbers, packet, other)
    local function refused(f)
        local ok, message = pcall(f)
        assert(not ok)
        log.info(message)
    end
    refused(function() packet.name = "eth1" end)
    refused(function() packet.never = 1 end)
    refused(function() packet.path = {} end)
    refused(function() packet.inner = {} end)
    refused(function() packet.inner.fixed = "x" end)
    refused(function() other.deep = 1 end)
    refused(function() packet.path[1] = 1 end)
    refused(function() packet.tags[1] = "x" end)
    refused(function() numbers[1] = 1 end)
    refused(function() numbers[#numbers + 1] = 1 end)
    refused(function() table.insert(numbers, 1) end)
    refused(function() table.sort(numbers, function(a, b) return a > b end) end)
    refused(function() rawset(packet, "mark", 1) end)
    refused(function() return rawget(packet, "mark") end)
    refused(function() return rawlen(numbers) end)
    refused(function() return next(packet) end)
    refused(function() setmetatable(packet, {}) end)
    refused(function() return packet() end)
    refused(function() return packet + 1 end)
    refused(function() return packet < packet end)
    refused(function() return packet .. "" end)
    refused(function() return #packet end)
    assert(packet.name == "eth0" and #numbers == 3)
    return { done = true, packet = packet, numbers = numbers }
end
