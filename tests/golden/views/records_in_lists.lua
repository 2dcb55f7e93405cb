--! about = records in lists and maps are views too
--! hook = test.collections
--! expect = result {"strings":["1.key=x","1.n=1","1.maybe=0.5","2.key=y","2.n=-2","Item (record Item)"]}
--! fuel = 55074
function collections(_, _, _, _, _, records, _, _, nested)
    local list = {}
    for i, record in ipairs(records) do
        for key, value in pairs(record) do list[#list + 1] = i .. "." .. key .. "=" .. tostring(value) end
    end
    list[#list + 1] = tostring(records[1])
    assert(records[1] == records[1] and records[1] ~= records[2] and not rawequal(records[1], records[1]))
    assert(nested.items[1].key == "i" and type(records[1]) == "userdata")
    return { strings = list }
end
