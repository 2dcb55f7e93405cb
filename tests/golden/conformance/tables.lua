--! about = table functions: through metamethods, overlapping, at the ends of all positions
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 4224892
function run()
    local function is(text, t) local got = table.concat(t, ",") assert(got == text, got) end
    is("1,1,2,3", table.move({ 1, 2, 3 }, 1, 3, 2)) is("2,3,3", table.move({ 1, 2, 3 }, 2, 3, 1)) is("1,2", table.move({ 1, 2 }, 1, 2, 1))
    is("7,1,2", table.move({ 1, 2 }, 1, 2, 2, { 7 })) is("1,2,3", table.move({ 1, 2, 3 }, 2, 1, 1))
    local t = table.move({ [math.maxinteger] = "last" }, math.maxinteger, math.maxinteger, 1)
    assert(t[1] == "last" and table.move({ 5 }, 1, 1, math.maxinteger)[math.maxinteger] == 5)
    assert(not pcall(table.move, {}, math.mininteger, 0, 1) and not pcall(table.move, {}, 1, 2, math.maxinteger) and not pcall(table.move, {}, -1, math.maxinteger, 2))
    local reads, writes = {}, {}
    local proxy = setmetatable({}, {
        __index = function(_, k) reads[#reads + 1] = k return k * 10 end,
        __newindex = function(_, k, v) writes[#writes + 1] = k .. "=" .. v end,
        __len = function() return 3 end,
    })
    table.move(proxy, 1, 3, 2) assert(table.concat(writes, " ") == "4=30 3=20 2=10")
    assert(table.concat(proxy, "-") == "10-20-30" and select("#", table.unpack(proxy)) == 3) writes = {}
    table.insert(proxy, 40) table.insert(proxy, 1, 0) assert(table.concat(writes, " ") == "4=40 4=30 3=20 2=10 1=0")
    is("1,2,3,4", (function() local l = { 1, 2, 3 } table.insert(l, 4, 4) return l end)())
    for _, at in ipairs { 0, 5, -1, math.mininteger, math.maxinteger } do assert(not pcall(table.insert, { 1, 2, 3 }, at, 9), at) end
    local l = { 1, 2, 3 }
    assert(table.remove(l, 4) == nil and table.remove(l) == 3 and table.remove(l, 1) == 1 and table.remove({}, 0) == nil and #l == 1)
    assert(not pcall(table.remove, l, 7) and not pcall(table.remove, l, -1) and table.remove({ [0] = "zero" }, 0) == "zero")
    assert(table.concat({ 1, 2, 3 }, ",", 2) == "2,3" and table.concat({ 1, 2 }, ",", 3) == "" and table.concat({ 1.5, "x", 2 }) == "1.5x2")
    assert(table.concat({}, "x", 1, 0) == "" and not pcall(table.concat, { 1, {}, 3 }) and not pcall(table.concat, {}, ",", 1, 1))
    assert(table.concat({ [math.maxinteger] = "m" }, ",", math.maxinteger, math.maxinteger) == "m")
    local p = table.pack() assert(p.n == 0 and table.pack(nil).n == 1 and table.pack(nil, nil, 3)[3] == 3)
    assert(select("#", table.unpack({}, 1, 3)) == 3 and table.unpack({ 1, 2 }, 2) == 2 and select("#", table.unpack({ 1, 2 }, 3)) == 0)
    assert(table.unpack({ [-1] = "a", [0] = "b" }, -1, 0) == "a" and not pcall(table.unpack, {}, 1, 1e7) and select("#", table.unpack({}, math.maxinteger, math.maxinteger)) == 1)
    -- Sorting is by the comparison given, not stable, of any length.
    for n = 0, 40 do
        local list = {}
        for i = 1, n do list[i] = i * 17 % 41 end
        table.sort(list, function(a, b) return a > b end)
        for i = 2, n do assert(list[i - 1] >= list[i]) end
    end
    local words = { "b", "", "a", "ab", "\0", "B" } table.sort(words) assert(table.concat(words, "|") == "|\0|B|a|ab|b")
    assert(not pcall(table.sort, { 1, "2", 3 }) and not pcall(table.sort, { {}, {} }) and #({ table.unpack({ 1, nil, 3 }, 1, 3) }) == 3)
    return { ok = true }
end
