--! about = numeric loops: their number of turns is known before the first, and nothing wraps around
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 311595
local function turns(from, to, step)
    local list = {}
    for i = from, to, step or 1 do
        list[#list + 1] = i
        if #list > 10 then break end
    end
    return #list, list[1], list[#list]
end
local function is(count, first, last, ...)
    local c, f, l = turns(...)
    assert(c == count and f == first and l == last and math.type(f) == math.type(first), table.concat({ c, tostring(f), tostring(l) }, " "))
end
function run()
    is(3, 1, 3, 1, 3) is(0, nil, nil, 3, 1) is(3, 3, 1, 3, 1, -1) is(1, 1, 1, 1, 1) is(2, 1, 3, 1, 4, 2)
    is(3, 1.0, 3.0, 1.0, 3) is(3, 1, 3, 1, 3.9) is(2, 1, 2, 1, 2.99) is(0, nil, nil, 1, 0.5) is(4, 0.0, 0.75, 0.0, 0.9, 0.25)
    -- At the ends of all integers.
    is(1, math.maxinteger, math.maxinteger, math.maxinteger, math.maxinteger)
    is(2, math.maxinteger - 1, math.maxinteger, math.maxinteger - 1, math.huge)
    is(2, math.mininteger + 1, math.mininteger, math.mininteger + 1, -math.huge, -1)
    is(3, math.mininteger, math.maxinteger - 1, math.mininteger, math.maxinteger, math.maxinteger)
    is(2, math.maxinteger, -1, math.maxinteger, math.mininteger, math.mininteger)
    is(0, nil, nil, 1, 0 / 0) is(0, nil, nil, 1, -math.huge) is(0, nil, nil, math.huge, 1)
    -- What is no number, and a step of nothing.
    for _, values in ipairs { { 1, "x", 1 }, { 1, 2, {} }, { nil, 1, 1 } } do
        assert(not pcall(function() for _ = values[1], values[2], values[3] do end end))
    end
    local ok, why = pcall(function() for _ = 1, 2, 0 do end end)
    assert(not ok and why:find("'for' step is zero", 1, true))
    ok, why = pcall(function() for _ = 1.0, 2.0, 0.0 do end end)
    assert(not ok and why:find("'for' step is zero", 1, true))
    -- The variable is the turn's own.
    local kept = {}
    for i = 1, 3 do
        kept[i] = function() i = i + 10 return i end
        i = i * 2
    end
    assert(kept[1]() == 12 and kept[2]() == 14 and kept[1]() == 22)
    return { ok = true }
end
