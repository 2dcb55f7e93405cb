--! about = what may not be written, and what is said
--! hook = test.change
--! expect = result {"done":true}
--! log = info@31 read_only.lua:33: packet.name is read-only
--! log = info@31 read_only.lua:34: packet.never is read-only
--! log = info@31 read_only.lua:35: packet.path is read-only
--! log = info@31 read_only.lua:36: packet.inner is read-only
--! log = info@31 read_only.lua:37: packet.inner.fixed is read-only
--! log = info@31 read_only.lua:38: other is read-only
--! log = info@31 read_only.lua:39: packet.path cannot be changed in place; assign a whole list
--! log = info@31 read_only.lua:40: packet.tags cannot be changed in place; assign a whole list
--! log = info@31 read_only.lua:41: numbers cannot be changed in place; assign a whole list
--! log = info@31 read_only.lua:42: numbers cannot be changed in place; assign a whole list
--! log = info@31 numbers cannot be changed in place; assign a whole list
--! log = info@31 numbers cannot be changed in place; assign a whole list
--! log = info@31 read_only.lua:45: bad argument #1 to 'rawset' (table expected, got view)
--! log = info@31 read_only.lua:46: bad argument #1 to 'rawget' (table expected, got view)
--! log = info@31 read_only.lua:47: bad argument #1 to 'rawlen' (table or string expected, got view)
--! log = info@31 read_only.lua:48: bad argument #1 to 'next' (table expected, got view)
--! log = info@31 read_only.lua:49: bad argument #1 to 'setmetatable' (table expected, got view)
--! log = info@31 read_only.lua:50: attempt to call a userdata value (upvalue 'packet')
--! log = info@31 read_only.lua:51: attempt to perform arithmetic on a userdata value (upvalue 'packet')
--! log = info@31 read_only.lua:52: attempt to compare two userdata values
--! log = info@31 read_only.lua:53: attempt to concatenate a userdata value (upvalue 'packet')
--! log = info@31 read_only.lua:54: packet is a record; it has no length
--! fuel = 245476
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
