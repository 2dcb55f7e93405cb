--! about = prefixes are values: text, length, family, contents, order
--! hook = test.scalars
--! args = {"prefix": "198.51.100.0/22"}
--! expect = result {"text":"198.51.100.0/22 22 2 198.51.100.0","prefix":"2001:db8::/127"}
--! fuel = 107653
function scalars(_, _, _, _, _, _, _, _, _, _, _, _, _, prefix)
    assert(prefix:contains("198.51.100.0") and prefix:contains("198.51.103.255") and not prefix:contains("198.51.104.0"))
    assert(prefix:contains("198.51.101.0/24") and prefix:contains(prefix) and not prefix:contains("198.51.100.0/21"))
    assert(prefix:contains(net.address("198.51.102.1")) and prefix:contains(net.prefix("198.51.103.0/32")))
    assert(not prefix:contains("::ffff:198.51.100.1") and not prefix:contains("2001:db8::/32"))
    assert(net.prefix("0.0.0.0/0"):contains("255.255.255.255") and net.prefix("::/0"):contains("::1"))
    assert(not net.prefix("0.0.0.0/0"):contains("::1"))
    assert(net.prefix("2001:db8::/127"):contains("2001:db8::1") and not net.prefix("2001:db8::/127"):contains("2001:db8::2"))
    assert(prefix == net.prefix("198.51.100.0/22") and prefix ~= net.prefix("198.51.100.0/23"))
    assert(prefix < net.prefix("198.51.100.0/23") and prefix < net.prefix("198.51.101.0/8") and prefix < net.prefix("::/0"))
    assert(prefix ~= prefix.address and prefix.address == net.address("198.51.100.0"))
    local sorted = { net.prefix("::/0"), net.prefix("10.0.0.0/8"), net.prefix("10.0.0.0/7"), net.prefix("9.0.0.0/8") }
    table.sort(sorted)
    assert(tostring(sorted[1]) == "9.0.0.0/8" and tostring(sorted[2]) == "10.0.0.0/7" and tostring(sorted[4]) == "::/0")
    local keys = {}
    for key, value in pairs(prefix) do keys[#keys + 1] = key .. "=" .. tostring(value) end
    assert(table.concat(keys, " ") == "network=198.51.100.0/22 length=22 family=2", table.concat(keys, " "))
    local text = table.concat({ prefix.network, prefix.length, prefix.family, tostring(prefix.address) }, " ")
    return { prefix = net.prefix("2001:db8::/127"), text = text }
end
