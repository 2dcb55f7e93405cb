--! about = the string library but for patterns, formats and packing
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 180446
function run()
    assert(("abc"):byte(2) == 98 and select("#", ("abc"):byte(1, -1)) == 3 and select("#", (""):byte()) == 0)
    assert(string.char(72, 105, 0) == "Hi\0" and string.char() == "" and not pcall(string.char, -1))
    assert(("Grüße"):upper() == "GRüßE" and ("ABC"):lower() == "abc" and #"Grüße" == 7 and ("x\0y"):len() == 3)
    assert(("ab"):rep(3, "-") == "ab-ab-ab" and ("x"):rep(0) == "" and ("x"):rep(-1) == "" and (""):rep(1000) == "")
    assert(("abc"):reverse() == "cba" and ("abcdef"):sub(2, -2) == "bcde" and ("abc"):sub(-100, 100) == "abc" and ("abc"):sub(3, 2) == "")
    assert(("abc"):sub(math.mininteger, math.maxinteger) == "abc")
    assert(string.len("x") == 1 and not pcall(string.len) and not pcall(string.rep, "x") and #string.rep("ab", 1000) == 2000)
    assert("a" < "b" and "a" < "aa" and "Z" < "a" and "\0" < "\1" and "a\0b" > "a\0a" and not ("a" < "a"))
    assert("10" + 5 == 15 and "0x10" * 1 == 16 and "3" // 2 == 1 and 10 .. 20 == "1020" and "2" ^ 2 == 4.0 and -"2" == -2)
    return { ok = true }
end
