--! about = a record's fields in order, absent ones left out, and what else can be done with it
--! hook = test.change
--! expect = result {"done":true}
--! log = info@18 mark=7; weight=0.5; name=eth0; label=blue; from=192.0.2.1; to=2001:db8::/32; verdict=CHANGE; maybe=9; tags=packet.tags (list of 2); path=packet.path (list of 2); inner=packet.inner (record Inner); packet (record Packet); packet.inner (record Inner); packet.tags (list of 2); packet.path (list of 2); numbers (list of 3); other (record Inner)
--! fuel = 121083
function change(count, word, numbers, packet, other)
    local list = {}
    for key, value in pairs(packet) do list[#list + 1] = key .. "=" .. tostring(value) end
    assert(type(packet) == "userdata" and packet == packet and packet ~= other and packet.inner ~= other)
    assert(packet.never == nil and packet.maybe == 9 and packet.inner.deep == 3 and other.fixed == "g")
    assert(rawequal(packet, packet) and not rawequal(packet, packet.inner))
    assert(packet ~= 1 and packet ~= nil and packet ~= {} and packet.inner == packet.inner)
    local by_view = { [packet] = 1, [packet.inner] = 2 }
    assert(by_view[packet] == 1 and by_view[packet.inner] == 2 and by_view[other] == nil)
    for i, view in ipairs { packet, packet.inner, packet.tags, packet.path, numbers, other } do
        list[#list + 1] = tostring(view)
    end
    log.info(table.concat(list, "; "))
    return { done = getmetatable(packet) == false }
end
