--! about = every metamethod
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 89183
function run()
    local seen = {}
    local meta = {}
    for _, name in ipairs { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" } do
        meta["__" .. name] = function(a, b) return name end
    end
    for _, name in ipairs { "unm", "bnot", "len" } do meta["__" .. name] = function() return name end end
    meta.__eq = function() return true end
    meta.__lt = function() return true end
    meta.__le = function() return false end
    meta.__call = function(_, ...) return select("#", ...) end
    meta.__index = function(_, key) return key end
    meta.__newindex = function(t, key, value) rawset(t, key, value * 2) end
    local a, b = setmetatable({}, meta), setmetatable({}, meta)
    assert(a + 1 == "add" and 1 - a == "sub" and a * b == "mul" and a / 1 == "div" and a % 1 == "mod" and a ^ 1 == "pow")
    assert(a // 1 == "idiv" and a & 1 == "band" and 1 | a == "bor" and a ~ b == "bxor" and a << 1 == "shl" and a >> 1 == "shr")
    assert(a .. "x" == "concat" and "x" .. a == "concat" and -a == "unm" and ~a == "bnot" and #a == "len")
    assert(a == b and a ~= 1 and a < b and not (a <= b) and a > 1 and a(1, nil) == 2 and a.name == "name")
    a.x = 5
    assert(rawget(a, "x") == 10 and a.x == 10)
    local base = { greet = function(self) return "I am " .. self.name end }
    base.__index = base
    local derived = setmetatable({ name = "Ada" }, base)
    assert(derived:greet() == "I am Ada")
    local weak = setmetatable({}, { __mode = "k" })
    weak[{}] = 1
    assert(next(weak) ~= nil)
    return { ok = true }
end
