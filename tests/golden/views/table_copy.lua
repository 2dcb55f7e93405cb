--! about = a copy of an argument, nested records and all, some of it changed
--! hook = test.change
--! expect = result {"packet":{"mark":8,"tags":[],"inner":{"deep":4}}}
--! fuel = 113831
function change(count, word, numbers, packet)
    local function copy(view)
        local table = {}
        for key, value in pairs(view) do
            table[key] = type(value) == "userdata" and not tostring(value):match("[./]%d") and copy(value) or value
        end
        return table
    end
    local table = copy(packet)
    table.mark = 8
    table.tags = {}
    table.inner.deep = 4
    assert(packet.mark == 7 and packet.inner.deep == 3, "the copy is one")
    return { packet = table }
end
