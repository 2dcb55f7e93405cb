--! about = string.format and tostring: what numbers look like, and what a format refuses
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 771594
function run()
    local function is(text, ...) local got = string.format(...) assert(got == text, got) end
    assert(tostring(1e15) == "1e+15" and tostring(123456789012.0) == "123456789012.0" and tostring(1e100) == "1e+100")
    assert(tostring(0.1) == "0.1" and tostring(1 / 3) == "0.33333333333333" and tostring(100.0) == "100.0" and tostring(-0.0) == "-0.0")
    assert(tostring(1 / 0) == "inf" and tostring(-1 / 0) == "-inf" and tostring(0 / 0):find("nan", 1, true))
    assert(tostring(math.mininteger) == "-9223372036854775808" and tostring(2 ^ 63) == "9.2233720368548e+18" and tostring(2 ^ 53) == "9.007199254741e+15")
    assert(3 .. 4.0 .. "" == "34.0" and -2 ^ 2 .. "" == "-4.0" and 1e3 .. "|" == "1000.0|")
    is("    7|7    |00007|   +7|+7   | 7", "%5d|%-5d|%05d|%+5d|%-+5d|% d", 7, 7, 7, 7, 7, 7)
    is("007|  007|-007", "%.3d|%5.3d|%.3d", 7, 7, -7)
    is("ff|FF|0xff|   ff|377|0377", "%x|%X|%#x|%5x|%o|%#o", 255, 255, 255, 255, 255, 255)
    is("ffffffffffffffff|7fffffffffffffff", "%x|%x", -1, math.maxinteger)
    is("3.14|3.|  3.1|3.1  |+3.14|-3.14", "%.2f|%#.0f|%5.1f|%-5.1f|%+.2f|%.2f", 3.14159, 3, 3.14, 3.14, 3.14, -3.14)
    is("1e+10|1.5e-07|1E+10|inf|-inf", "%.0e|%.1e|%.0E|%f|%f", 1e10, 1.5e-7, 1e10, 1 / 0, -1 / 0)
    is("100000|1e+06|0.0001|1e-05|1.00000", "%g|%g|%g|%g|%#g", 1e5, 1e6, 1e-4, 1e-5, 1)
    is("0x1p+0|0x1.8p+1|0X1P-1|-0x1p-2", "%a|%a|%A|%a", 1, 3, 0.5, -0.25)
    is("abc|  abc|abc  |ab|   ab", "%s|%5s|%-5s|%.2s|%5.2s", "abc", "abc", "abc", "abc", "abc")
    is("a\0b|A|%", "%s|%c|%%", "a\0b", 65)
    is([["\"\\\0\13\
"|1|0x1p-1|true|nil]], "%q|%q|%q|%q|%q", '"\\\0\r\n', 1, 0.5, true, nil)
    is("(0/0)|1e9999|-1e9999|0x8000000000000000", "%q|%q|%q|%q", 0 / 0, 1 / 0, -1 / 0, math.mininteger)
    is("3|3|10|1.0", "%d|%d|%s|%s", "3", 3.0, 10, 1.0)
    assert(load("return " .. string.format("%q", 0.1))() == 0.1 and load("return " .. string.format("%q", "\200\n\0001"))() == "\200\n\0001")
    for _, bad in ipairs { "%", "%F", "%y", "%10", "%123d", "%.123d", "%ll", "%*d", "%-010.5.5d", "%#s", "% s", "%0s", "%5q", "%+c", "%0c" } do
        assert(not pcall(string.format, bad, 1), bad)
    end
    assert(not pcall(string.format, "%d", 1.5) and not pcall(string.format, "%d", "1.5") and not pcall(string.format, "%c", "x"))
    assert(not pcall(string.format, "%d") and not pcall(string.format, "%5s", "a\0b") and not pcall(string.format, "%q", {}))
    assert(#string.format("%99.99f", -1e308) == 410 and string.format("%.99f", 1 / 3):len() == 101)
    assert(string.format("%-99s|", "x"):len() == 100 and string.format("%s", ("x"):rep(1000)):len() == 1000)
    return { ok = true }
end
