--! about = metamethods: which is asked, in which order, with what, and what it may answer
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 274130
function run()
    local log = {}
    local function meta(name)
        local m = { __name = name }
        for _, event in ipairs { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" } do
            m["__" .. event] = function(a, b) log[#log + 1] = name .. "." .. event return event end
        end
        for _, event in ipairs { "unm", "bnot", "len" } do m["__" .. event] = function(a, b) assert(rawequal(a, b) or event == "len") return event end end
        return m
    end
    local a, b = setmetatable({}, meta "a"), setmetatable({}, meta "b")
    assert(a + b == "add" and 1 + b == "add" and a - 1 == "sub" and "x" * b == "mul" and a .. 1 == "concat" and 1 .. b == "concat" and "x" .. b == "concat")
    assert(a / b == "div" and a % b == "mod" and a ^ b == "pow" and a // b == "idiv" and a & 1 == "band" and 1 | b == "bor" and a ~ b == "bxor" and a << 1 == "shl" and 1 >> b == "shr")
    assert(-a == "unm" and ~a == "bnot" and #a == "len")
    assert(table.concat(log, " ") == "a.add b.add a.sub b.mul a.concat b.concat b.concat a.div a.mod a.pow a.idiv a.band b.bor a.bxor a.shl b.shr")
    -- Equality asks only for two tables that are not the same one; comparison turns anything into a boolean.
    local asked = 0
    local m = { __eq = function() asked = asked + 1 return 1 end, __lt = function() return nil end, __le = function() return "yes" end }
    local c, d = setmetatable({}, m), setmetatable({}, m)
    assert(c == d and c == c and c ~= 1 and not (c == 1) and asked == 1 and (c < d) == false and (c <= d) == true and (c > d) == false and (1 <= d) == true)
    -- Lookup: functions and tables, raw access, absent keys only.
    local base = { x = 1 }
    local t = setmetatable({ y = 2 }, { __index = base, __newindex = base })
    t.z, t.y = 3, 4
    assert(t.x == 1 and t.y == 4 and base.z == 3 and rawget(t, "z") == nil and rawset(t, "z", 5) == t and t.z == 5 and rawlen(t) == 0)
    local f = setmetatable({}, { __index = function(_, k) return k, "dropped" end, __call = function(self, ...) return self, select("#", ...), ... end })
    assert(f.any == "any" and f[1] == 1 and select("#", f(1, nil)) == 4 and select(2, f()) == 0 and pcall(f, 1))
    -- Text, names and protection.
    assert(tostring(setmetatable({}, { __tostring = function() return "mine" end })) == "mine" and tostring(setmetatable({}, { __name = "Kind" })):find("^Kind: "))
    assert(not pcall(tostring, setmetatable({}, { __tostring = function() return {} end })))
    local locked = setmetatable({}, { __metatable = "locked" })
    assert(getmetatable(locked) == "locked" and not pcall(setmetatable, locked, {}) and getmetatable("").__index == string)
    local ok, why = pcall(function() return setmetatable({}, { __name = "Kind" }) + 1 end)
    assert(not ok and why:find("Kind", 1, true))
    -- Iteration.
    local keys = {}
    for k, v in pairs(setmetatable({}, { __pairs = function(x) return function(_, k) return not k and "only" or nil, "value" end, x, nil end })) do keys[#keys + 1] = k .. v end
    for i, v in ipairs(setmetatable({}, { __index = function(_, i) return i < 4 and i * i or nil end })) do keys[#keys + 1] = v end
    assert(table.concat(keys, " ") == "onlyvalue 1 4 9")
    assert(not pcall(function() return #nil end) and not pcall(function() return {} < {} end) and not pcall(function() return {} < 1 end))
    return { ok = true }
end
