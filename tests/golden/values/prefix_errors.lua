--! about = what is no prefix is refused
--! hook = test.run
--! expect = result {"list":["expected a prefix such as \"192.0.2.0/24\", got \"10.0.0.0\"",
--!     "expected a prefix such as \"192.0.2.0/24\", got address",
--!     "no field 'mask' in a prefix (it has address, contains, family, length, network)",
--!     "bad argument #1 to 'contains' (address or prefix expected, got string)",
--!     "bad argument #1 to 'contains' (address or prefix expected, got no value)",
--!     "bad argument #1 to 'contains' (prefix expected, got string)",
--!     "addresses and prefixes cannot be changed; make another one with net.address or net.prefix"]}
--! fuel = 178646
function run()
    local list = {}
    for _, text in ipairs { "", "/", "1.2.3.4", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/1x", "::/129", "::/0128", "::/ 1", "1.2.3/8" } do
        if pcall(net.prefix, text) then list[#list + 1] = text end
    end
    local function refused(f)
        local ok, message = pcall(f)
        assert(not ok)
        list[#list + 1] = message:gsub("^[^:]*:%d+: ", "")
    end
    refused(function() net.prefix("10.0.0.0") end)
    refused(function() net.prefix(net.address("10.0.0.0")) end)
    refused(function() return net.prefix("10.0.0.0/8").mask end)
    refused(function() return net.prefix("10.0.0.0/8"):contains("nonsense") end)
    refused(function() return net.prefix("10.0.0.0/8"):contains() end)
    refused(function() return net.prefix("10.0.0.0/8").contains("10.0.0.1") end)
    refused(function() net.prefix("10.0.0.0/8").length = 9 end)
    return { list = list }
end
