--! about = the table library
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 4256126
function run()
    local t = { 1, 2, 3 }
    table.insert(t, 4)
    table.insert(t, 1, 0)
    assert(table.concat(t, ",") == "0,1,2,3,4" and table.remove(t) == 4 and table.remove(t, 1) == 0 and table.remove({}) == nil)
    assert(table.concat({}) == "" and table.concat({ 1, 2.5, "x" }, "-", 2, 3) == "2.5-x" and not pcall(table.concat, { {} }))
    assert(not pcall(table.insert, t, 9, 1) and not pcall(table.insert, t) and not pcall(table.remove, t, 9))
    local packed = table.pack(nil, 2, nil)
    assert(packed.n == 3 and packed[2] == 2 and select("#", table.unpack(packed, 1, packed.n)) == 3)
    assert(table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), ",") == "1,1,2,3" and #table.move({ 1, 2 }, 1, 2, 1, {}) == 2)
    assert(not pcall(table.move, {}, 1, math.maxinteger, 2))
    local words = { "pear", "fig", "apple", "kiwi" }
    table.sort(words)
    assert(table.concat(words, " ") == "apple fig kiwi pear")
    table.sort(words, function(a, b) return #a > #b or #a == #b and a < b end)
    assert(table.concat(words, " ") == "apple kiwi pear fig")
    assert(not pcall(table.sort, { 1, "x" }) and not pcall(table.sort, t, 5))
    local many = {}
    for i = 1, 1000 do many[i] = i * 7919 % 1009 end
    table.sort(many)
    for i = 2, 1000 do assert(many[i - 1] < many[i]) end
    local proxy = setmetatable({}, { __len = function() return 3 end, __index = function(_, i) return i * 10 end })
    assert(table.concat(proxy, " ") == "10 20 30" and select(3, table.unpack(proxy)) == 30)
    return { ok = true }
end
