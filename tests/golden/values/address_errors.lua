--! about = what is no address is refused, with what it was
--! hook = test.run
--! expect = result {"list":["expected an address such as \"192.0.2.1\", got \"nonsense\"",
--!     "expected an address such as \"192.0.2.1\", got number",
--!     "expected an address such as \"192.0.2.1\", got table","bad argument #1 to '?' (value expected)",
--!     "no field 'port' in an address (it has family, string, value)",
--!     "addresses and prefixes cannot be changed; make another one with net.address or net.prefix",
--!     "bad argument #2 to 'lt' (address or prefix expected, got string)","attempt to concatenate a address value",
--!     "attempt to get length of a address value","false"]}
--! fuel = 310969
function run()
    local function refused(...)
        local ok, message = pcall(...)
        assert(not ok)
        return (message:gsub("^[^:]*:%d+: ", ""))
    end
    local list = {}
    for _, text in ipairs {
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/24", "1::2::3", ":1", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1%eth0", "1.2.3.4\0", "1:2:3:4:5:6:7:8::", "::ffff:1.2.3", "1:2:3:4:5:6:7:1.2.3.4",
    } do
        local ok = pcall(net.address, text)
        if ok then list[#list + 1] = text end
    end
    list[#list + 1] = refused(net.address, "nonsense")
    list[#list + 1] = refused(net.address, 5)
    list[#list + 1] = refused(net.address, {})
    list[#list + 1] = refused(net.address)
    list[#list + 1] = refused(function() return net.address("::1").port end)
    list[#list + 1] = refused(function() net.address("::1").family = 2 end)
    list[#list + 1] = refused(function() return net.address("::1") < "::2" end)
    list[#list + 1] = refused(function() return net.address("::1") .. "" end)
    list[#list + 1] = refused(function() return #net.address("::1") end)
    list[#list + 1] = tostring(getmetatable(net.address("::1")))
    return { list = list }
end
