--! about = goto, repeat, numeric and generic for, attribs, multiple assignment, varargs
--! hook = test.run
--! expect = result {"text":"1 3 5 7 9|2:1 2:3 3:1|c b a","ok":true}
--! fuel = 83245
function run()
    local out = {}
    for i = 1, 10 do
        if i % 2 == 0 then goto continue end
        out[#out + 1] = i
        ::continue::
    end
    local pairs_of = {}
    for i = 1, 3 do
        for j = 1, 3 do
            if j == 2 then goto next_j end
            if i == 1 then goto next_i end
            if i == 3 and j == 3 then goto done end
            pairs_of[#pairs_of + 1] = i .. ":" .. j
            ::next_j::
        end
        ::next_i::
    end
    ::done::
    local closed = {}
    do
        local function closing(name) return setmetatable({}, { __close = function() closed[#closed + 1] = name end }) end
        local a <close>, fixed <const> = closing("a"), 5
        local b <close> = closing("b")
        for _ in function(_, x) if not x then return fixed end end, nil, nil, closing("c") do end
    end
    local a, b, c = (function() return 1, 2, 3 end)()
    a, b = b, a
    local function count(...) local x, y = ... return select("#", ...), x, y end
    assert(a == 2 and b == 1 and c == 3 and count(nil, nil) == 2 and (count(1, 2, 3)) == 3)
    local t = { count(), count(), }
    assert(#t >= 2 and ({ (count(1, 2)) })[2] == nil)
    local n = 0
    repeat local stop = n >= 3 n = n + 1 until stop
    assert(n == 4 and not pcall(load("local x <close> = 5")))
    return { ok = true, text = table.concat(out, " ") .. "|" .. table.concat(pairs_of, " ") .. "|" .. table.concat(closed, " ") }
end
