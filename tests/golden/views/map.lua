--! about = maps by key, length, pairs; a key that is absent is nil
--! hook = test.collections
--! expect = result {"integers":[0,1,2],"counts":{"two":2,"one":1,"":0}}
--! fuel = 41660
function collections(_, _, _, _, _, _, counts, groups, nested)
    local copy, values = {}, {}
    for key, value in pairs(counts) do
        assert(counts[key] == value)
        copy[key] = value
        values[#values + 1] = value
    end
    table.sort(values)
    assert(#counts == 3 and counts.three == nil and counts["one\0"] == nil)
    assert(groups.low == groups.low and groups.low ~= groups.none and nested.by_name.p == nested.by_name.p)
    assert(tostring(counts) == "counts (map of 3)" and tostring(nested.by_name) == "nested.by_name (map of 1)")
    return { counts = copy, integers = values }
end
