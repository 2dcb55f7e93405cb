--! about = empty lists and maps, and a record that is there
--! hook = test.collections
--! args = {"integers": [],"strings": [],"records": [],"counts": {},"groups": {},"matrix": [],"absent": {"key": "k",
--!      "n": 3}}
--! expect = result {"record":{"key":"k","n":4}}
--! fuel = 34297
function collections(integers, strings, addresses, colors, matrix, records, counts, groups, nested, absent)
    for _, empty in ipairs { integers, strings, matrix, records, counts, groups } do
        assert(#empty == 0)
        for _ in pairs(empty) do error("it has something") end
    end
    for _ in ipairs(integers) do error("it has something") end
    assert(integers[1] == nil and counts.x == nil and records[1] == nil)
    return { integers = integers, counts = counts, record = { key = absent.key, n = absent.n + 1, maybe = absent.maybe } }
end
