--! about = values that do not fit are refused where they are written
--! hook = test.change
--! expect = result {"done":true}
--! log = info@43 wrong_values.lua:41: packet.mark: expected integer 0..4294967295, got -1
--! log = info@43 wrong_values.lua:41: packet.mark: expected integer 0..4294967295, got 4294967296
--! log = info@43 wrong_values.lua:41: packet.mark: expected integer 0..4294967295, got 1.5
--! log = info@43 wrong_values.lua:41: packet.mark: expected integer 0..4294967295, got "7"
--! log = info@43 wrong_values.lua:41: packet.mark: expected integer 0..4294967295, got boolean
--! log = info@43 wrong_values.lua:41: packet.mark: expected integer 0..4294967295, got nil
--! log = info@43 wrong_values.lua:41: packet.mark: expected integer 0..4294967295, got table
--! log = info@43 wrong_values.lua:41: packet.mark: expected integer 0..4294967295, got 1e+300
--! log = info@43 wrong_values.lua:41: packet.weight: expected number, got "0.5"
--! log = info@43 wrong_values.lua:41: packet.weight: expected number, got nil
--! log = info@43 wrong_values.lua:41: packet.label: expected string of at most 8 bytes, got "123456789"
--! log = info@43 wrong_values.lua:41: packet.label: expected string of at most 8 bytes, got 5
--! log = info@43 wrong_values.lua:41: packet.label: expected string of at most 8 bytes, got nil
--! log = info@43 wrong_values.lua:41: packet.from: expected address, got "192.0.2"
--! log = info@43 wrong_values.lua:41: packet.from: expected address, got prefix
--! log = info@43 wrong_values.lua:41: packet.from: expected address, got 5
--! log = info@43 wrong_values.lua:41: packet.from: expected address, got nil
--! log = info@43 wrong_values.lua:41: packet.to: expected prefix, got "192.0.2.0/33"
--! log = info@43 wrong_values.lua:41: packet.to: expected prefix, got address
--! log = info@43 wrong_values.lua:41: packet.to: expected prefix, got nil
--! log = info@43 wrong_values.lua:41: packet.verdict: expected Verdict, got "pass"
--! log = info@43 wrong_values.lua:41: packet.verdict: expected Verdict, got 2
--! log = info@43 wrong_values.lua:41: packet.verdict: expected Verdict, got 7.5
--! log = info@43 wrong_values.lua:41: packet.verdict: expected Verdict, got nil
--! log = info@43 wrong_values.lua:41: packet.maybe: expected integer 0..65535 or nil, got -1
--! log = info@43 wrong_values.lua:41: packet.maybe: expected integer 0..65535 or nil, got 65536
--! log = info@43 wrong_values.lua:41: packet.maybe: expected integer 0..65535 or nil, got "9"
--! log = info@43 wrong_values.lua:41: packet.maybe: expected integer 0..65535 or nil, got boolean
--! log = info@43 wrong_values.lua:41: packet.tags: expected list, got "a"
--! log = info@43 wrong_values.lua:41: packet.tags: expected list, got 5
--! log = info@43 wrong_values.lua:41: packet.tags: expected list, got nil
--! log = info@43 wrong_values.lua:41: packet.tags: expected list, got view
--! fuel = 481335
function change(count, word, numbers, packet)
    local function refused(name, ...)
        for i = 1, select("#", ...) do
            local value = select(i, ...)
            local ok, message = pcall(function() packet[name] = value end)
            assert(not ok, name)
            log.info(message)
        end
    end
    refused("mark", -1, 1 << 32, 1.5, "7", true, nil, {}, 1e300)
    refused("weight", "0.5", nil)
    refused("label", "123456789", 5, nil)
    refused("from", "192.0.2", net.prefix("192.0.2.0/24"), 5, nil)
    refused("to", "192.0.2.0/33", net.address("192.0.2.0"), nil)
    refused("verdict", "pass", 2, 7.5, nil)
    refused("maybe", -1, 65536, "9", false)
    refused("tags", "a", 5, nil, packet)
    assert(pcall(function() packet.inner.deep = 256 end) == false)
    return { done = true, packet = packet }
end
