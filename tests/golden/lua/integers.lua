--! about = 64-bit integers that wrap, division and modulo that round down, bits
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 43015
function run()
    assert(7 // 2 == 3 and -7 // 2 == -4 and 7 // -2 == -4 and 7 % -3 == -2 and -7 % 3 == 2 and 7.0 // 2 == 3.0)
    assert(math.maxinteger + 1 == math.mininteger and math.mininteger // -1 == math.mininteger and math.mininteger % -1 == 0)
    assert(math.maxinteger * 2 == -2 and 1 << 63 == math.mininteger and 1 << 64 == 0 and 1 << -1 == 0 and -1 >> 63 == 1 and -1 >> 1 == math.maxinteger)
    assert(5 & 3 == 1 and 5 | 3 == 7 and 5 ~ 3 == 6 and ~0 == -1 and not pcall(function() return "3" | 0 end) and 2.0 | 1 == 3 and not pcall(function() return 2.5 | 1 end))
    assert(7 / 2 == 3.5 and 4 / 2 == 2.0 and math.type(4 / 2) == "float" and 2 ^ 2 == 4.0 and 1 / 0 == math.huge and 1 // 0.0 == math.huge)
    assert(5.5 % 2 == 1.5 and -5.5 % 2 == 0.5 and 5 % math.huge == 5.0 and -5 % math.huge == math.huge and 1 % 0.0 ~= 1 % 0.0)
    assert(1 == 1.0 and 2 ^ 53 == 9007199254740992 and 2 ^ 53 + 1 ~= (1 << 53) + 1 and math.maxinteger + 0.0 == 2 ^ 63 and math.maxinteger < 2 ^ 63)
    assert(0x7fffffffffffffff == math.maxinteger and 0xffffffffffffffff == -1 and 1e308 * 10 == math.huge and 0x.8p1 == 1.0 and 3e0 == 3)
    local t = { [1] = "a", [1.0] = "b", [2 ^ 53] = "c" }
    assert(t[1] == "b" and t[9007199254740992] == "c" and not pcall(function() t[0 / 0] = 1 end) and t[0 / 0] == nil)
    local count = 0
    for i = math.maxinteger - 2, math.maxinteger do count = count + 1 end
    for i = 1, 3, 1 do count = count + 1 end
    for i = 1.0, 2, 0.5 do count = count + 1 end
    for i = 3, 1 do count = 100 end
    assert(count == 9)
    return { ok = true }
end
