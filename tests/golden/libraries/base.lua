--! about = what is left of the base library, function by function
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 228406
function run()
    assert(select("#", assert(1, 2, 3)) == 3)
    local t = setmetatable({ 1, 2, 3 }, { __index = function(_, i) return i == 4 and 4 or nil end, __len = function() return 10 end })
    local n = 0
    for i, v in ipairs(t) do n = n + v end
    assert(n == 10 and #t == 10 and rawlen(t) == 3 and rawget(t, 4) == nil and t[4] == 4)
    assert(rawset(t, 4, 5) == t and t[4] == 5 and rawequal(t, t) and not rawequal("a", 1))
    assert(next({}) == nil and next({ 5 }) == 1 and select(2, next({ 5 })) == 5 and not pcall(next, {}, 1))
    local p = setmetatable({}, { __pairs = function(self) return function(_, k) if not k then return 1, 2 end end, self, nil end })
    for k, v in pairs(p) do assert(k == 1 and v == 2) end
    assert(select(-1, 1, 2, 3) == 3 and select(2, 1, 2, 3) == 2 and not pcall(select, 0) and select("#") == 0)
    assert(tonumber("0x10") == 16 and tonumber("  12  ") == 12 and tonumber("1e1") == 10.0 and tonumber("z", 36) == 35)
    assert(tonumber("") == nil and tonumber("1 2") == nil and tonumber("0x") == nil and tonumber("10", 2) == 2 and tonumber("8", 8) == nil)
    assert(tonumber("9223372036854775808") == 2.0 ^ 63 and tonumber("0xffffffffffffffff") == -1 and tonumber({}) == nil)
    assert(tonumber("inf") == nil and tonumber("nan") == nil and tonumber("0x1p4") == 16.0 and tonumber("1_000") == nil)
    assert(tostring(nil) == "nil" and tostring(1e15) == "1e+15" and tostring(-0.0) == "-0.0" and tostring(2 ^ 63) == "9.2233720368548e+18")
    assert(tostring(3.0) == "3.0" and tostring(1e100) == "1e+100" and tostring(0.1) == "0.1" and tostring(math.mininteger) == "-9223372036854775808")
    assert(tostring(setmetatable({}, { __name = "Own" })):match("^Own: 0x%x+$") and tostring(print):match("^builtin: 0x") == nil)
    assert(type(nil) == "nil" and type(print) == "function" and type(run) == "function" and not pcall(type))
    assert(getmetatable("").__index == string and getmetatable(setmetatable({}, { __metatable = 5 })) == 5)
    assert(not pcall(setmetatable, setmetatable({}, { __metatable = 5 }), {}) and not pcall(setmetatable, 1, {}))
    assert(pcall(error) == false and xpcall(print == nil and error or function() return 1 end, print))
    return { ok = true }
end
