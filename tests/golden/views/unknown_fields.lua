--! about = unknown fields, near and far, read and written, in nested records and in records of lists
--! hook = test.change
--! expect = result {"done": true}
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
