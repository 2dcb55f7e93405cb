--! about = unknown fields, near and far, read and written, in nested records and in records of lists
--! hook = test.change
--! expect = result {"done":true}
--! log = info@19 unknown_fields.lua:21: no field 'mrak' in packet; did you mean 'mark'?
--! log = info@19 unknown_fields.lua:22: no field 'something_quite_different' in packet
--! log = info@19 unknown_fields.lua:23: no field 'dep' in packet.inner; did you mean 'deep'?
--! log = info@19 unknown_fields.lua:24: no field 'makr' in packet; did you mean 'mark'?
--! log = info@19 unknown_fields.lua:25: no field '' in packet
--! log = info@19 unknown_fields.lua:26: fields of packet have names, got a number
--! log = info@19 unknown_fields.lua:27: fields of packet have names, got a nil
--! log = info@19 unknown_fields.lua:28: no field 'mark' in packet; did you mean 'mark'?
--! log = info@19 unknown_fields.lua:29: no field 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' in packet
--! log = info@19 unknown_fields.lua:30: no field 'depp' in other; did you mean 'deep'?
--! fuel = 304884
function change(count, word, numbers, packet, other)
    local function refused(f)
        local ok, message = pcall(f)
        assert(not ok)
        log.info(message)
    end
    refused(function() return packet.mrak end)
    refused(function() return packet.something_quite_different end)
    refused(function() return packet.inner.dep end)
    refused(function() packet.makr = 1 end)
    refused(function() return packet[""] end)
    refused(function() return packet[1] end)
    refused(function() return packet[nil] end)
    refused(function() return packet["mark\0"] end)
    refused(function() return packet[("x"):rep(200)] end)
    refused(function() return other.depp end)
    return { done = true }
end
