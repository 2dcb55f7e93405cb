--! about = numbers: division, remainders, shifts, comparison of integers and floats, at their edges
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 111645
local function nan(x) return x ~= x end
local function zero(x) return x == 0 and 1 / x end
function run()
    -- Floor division and remainders go towards minus infinity.
    assert(7 // 2 == 3 and -7 // 2 == -4 and 7 // -2 == -4 and -7 // -2 == 3 and 7 // 2.0 == 3.0 and -7 // 2.0 == -4.0)
    assert(7 % 3 == 1 and -7 % 3 == 2 and 7 % -3 == -2 and -7 % -3 == -1 and 5.5 % 2 == 1.5 and -5.5 % 2 == 0.5)
    assert(math.mininteger // -1 == math.mininteger and math.mininteger % -1 == 0 and math.mininteger // 1 == math.mininteger)
    assert(1 // 0.0 == math.huge and -1 // 0.0 == -math.huge and nan(0 // 0.0) and nan(1 % 0.0))
    assert(5 % math.huge == 5.0 and -5 % math.huge == math.huge and 5 % -math.huge == -math.huge and nan(math.huge % 2))
    assert(zero(-0.0) == -math.huge and zero(0.0) == math.huge and zero(0 // 1) == math.huge and zero(-0.0 // 1) == -math.huge)
    assert(not pcall(function() return 1 // 0 end) and not pcall(function() return 1 % 0 end))
    -- Integers wrap around; floats do not.
    assert(math.maxinteger + 1 == math.mininteger and math.mininteger - 1 == math.maxinteger and math.maxinteger * 2 == -2)
    assert(math.maxinteger + 1.0 == 2.0 ^ 63 and -math.mininteger == math.mininteger and math.abs(math.mininteger) < 0)
    assert(math.type(3 / 1) == "float" and math.type(2 ^ 2) == "float" and math.type(3 // 1) == "integer" and math.type(3.0 // 1) == "float")
    -- Shifts are logical, and by any number.
    assert(1 << 63 == math.mininteger and 1 << 64 == 0 and 1 << -1 == 0 and -1 >> 63 == 1 and -1 >> 64 == 0 and -1 << -63 == 1)
    assert(1 << math.maxinteger == 0 and 1 >> math.mininteger == 0 and 1 << math.mininteger == 0 and ~0 == -1 and ~5 == -6)
    assert(3.0 | 4 == 7 and "3" + 4 == 7 and "0x10" + 0 == 16 and "1e1" * 1 == 10.0 and 10 .. "" == "10" and "7" // 2 == 3)
    assert(not pcall(function() return "3" | 4 end) and not pcall(function() return 1.5 | 1 end) and not pcall(function() return "a" | 1 end))
    assert(not pcall(function() return 2 ^ 63 | 0 end) and -2 ^ 63 | 0 == math.mininteger)
    -- Integers and floats are compared as the numbers they are, not as the nearest double.
    assert(1 == 1.0 and math.maxinteger < 2 ^ 63 and math.maxinteger + 0.0 == 2 ^ 63 and math.maxinteger ~= 2 ^ 63)
    assert((1 << 53) + 1 > 2.0 ^ 53 and (1 << 53) + 1 ~= 2.0 ^ 53 and math.mininteger <= -2.0 ^ 63 and math.mininteger == -2.0 ^ 63)
    assert(not (1 < 0 / 0) and not (1 >= 0 / 0) and 0 / 0 ~= 0 / 0 and math.maxinteger < math.huge and math.mininteger > -math.huge)
    assert("a" < "b" and "a" < "aa" and "Z" < "a" and "a\0b" > "a\0a" and "" < "\0" and not pcall(function() return 1 < "2" end))
    -- Keys: floats that are whole are the integer.
    local t = { [1] = "a", [2.0] = "b", [2 ^ 53] = "c" }
    assert(t[1.0] == "a" and t[2] == "b" and t[1 << 53] == "c" and next({ [3.0] = 1 }) == 3 and math.type(next({ [3.0] = 1 })) == "integer")
    assert(not pcall(function() t[0 / 0] = 1 end) and not pcall(function() t[nil] = 1 end) and t[0 / 0] == nil and t[nil] == nil)
    return { ok = true }
end
