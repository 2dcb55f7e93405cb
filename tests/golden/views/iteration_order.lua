--! about = pairs over a record goes by declaration and ends, even while fields are written
--! hook = test.change
--! expect = result {"packet":{"mark":10,"maybe":null}}
--! log = info@13 mark weight name label from to verdict tags path inner
--! fuel = 46678
function change(count, word, numbers, packet)
    local keys = {}
    for key in pairs(packet) do
        keys[#keys + 1] = key
        packet.maybe = nil
        packet.mark = #keys
    end
    log.info(table.concat(keys, " "))
    return { packet = packet }
end
