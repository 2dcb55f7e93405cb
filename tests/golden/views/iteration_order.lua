--! about = pairs over a record goes by declaration and ends, even while fields are written
--! hook = test.change
--! expect =
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
