--! about = values that do not fit are refused where they are written
--! hook = test.change
--! expect = result {"done": true}
function change(count, word, numbers, packet)
    local function refused(name, ...)
        for i = 1, select("#", ...) do
            local value = select(i, ...)
            local ok, message = pcall(function() packet[name] = value end)
            assert(not ok, name)
            log.info(message)
        end
    end
    refused("mark", -1, 1 << 32, 1.5, "7", true, nil, {}, 0 / 0, 1e300)
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
