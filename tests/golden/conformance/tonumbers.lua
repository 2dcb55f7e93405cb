--! about = tonumber: bases, blanks, signs, hexadecimal floats, and what is no number
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 934563
function run()
    local function is(value, ...) local got = tonumber(...) assert(got == value and math.type(got) == math.type(value), tostring(got)) end
    is(10, "10") is(10, "  10  ") is(10, "\t10\n") is(-10, "-10") is(10, "+10") is(16, "0x10") is(-16, "-0x10") is(255, "0XfF")
    is(10.0, "1e1") is(0.5, ".5") is(5.0, "5.") is(0.0625, "0x.1") is(8.0, "0x1p3") is(0.5, "0x1p-1") is(1.5, "0x1.8")
    is(9223372036854775807, "9223372036854775807") is(2.0 ^ 63, "9223372036854775808") is(math.mininteger, "-9223372036854775808")
    is(-1, "0xffffffffffffffff") is(-1, "0x1ffffffffffffffff") is(0, "0x10000000000000000") is(math.huge, "1e309") is(0.0, "1e-400")
    is(nil, "") is(nil, " ") is(nil, "-") is(nil, "- 1") is(nil, "1 2") is(nil, "1e") is(nil, "0x") is(nil, "1..2") is(nil, "inf") is(nil, "nan")
    is(nil, "1\0") is(nil, "0x1p") is(nil, "--1") is(nil, "1a") is(nil, "１") is(nil, {}) is(nil, true) is(nil, "1e+") is(nil, "0b1")
    is(2, "10", 2) is(35, "z", 36) is(35, "Z", 36) is(255, "ff", 16) is(-255, "  -ff ", 16) is(nil, "8", 8) is(nil, "1.0", 10)
    is(nil, "", 10) is(-1, "ffffffffffffffff", 16) is(7, "7", 10) is(nil, "1e1", 10) is(14 * 15 + 1, "e1", 15)
    assert(not pcall(tonumber, "1", 1) and not pcall(tonumber, "1", 37) and not pcall(tonumber, 1, 10) and not pcall(tonumber))
    assert(math.tointeger("12") == 12 and math.tointeger("x") == nil and math.tointeger(2 ^ 53) == 1 << 53 and math.tointeger(0 / 0) == nil)
    assert("10" + 5 == 15 and "0x10" * "2" == 32 and "3.0" + 1 == 4.0 and math.type("10" + 5) == "integer" and -"2" == -2)
    assert(not pcall(function() return "x" + 1 end) and not pcall(function() return {} .. "x" end) and not pcall(function() return nil .. "" end))
    return { ok = true }
end
