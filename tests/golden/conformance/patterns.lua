--! about = patterns: anchors, captures of positions, frontiers, balances, replacements, and what is malformed
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 517015
function run()
    assert(("hello world"):find("o w") == 5 and ("hello"):find("l", 1, true) == 3 and ("a.b"):find(".", 1, true) == 2 and ("abc"):find("") == 1)
    assert(("abc"):find("", 4) == 4 and ("abc"):find("", 5) == nil and ("abc"):find("b", -1) == nil and ("abc"):find("b", -2) == 2)
    assert(("key = value"):match("^(%w+)%s*=%s*(%w+)$") == "key" and ("  x "):match("^%s*(.-)%s*$") == "x" and ("abc"):match("()b()") == 2)
    assert(select(2, ("abc"):match("()b()")) == 3 and ("f(a(b)c)d"):match("%b()") == "(a(b)c)" and ("THE (quick) fox"):find("%((%a+)%)") == 5)
    assert(("THE (quick) fox"):gsub("%f[%a]%a+", string.lower) == "the (quick) fox" and ("x"):match("%f[%z]") == "" and ("[]]"):match("[]]") == "]")
    assert(("a-b"):match("[a%-]+") == "a-" and ("a^b"):match("[b^]+") == "^b" and ("x^"):match("[^^]") == "x" and ("]"):match("[]-a]") == "]")
    assert(("aaa"):match("a-") == "" and ("aaab"):match("a-b") == "aaab" and ("abab"):match("^(ab)%1$") == "ab" and ("x=1,y=2"):gsub("(%w)=(%w)", "%2=%1") == "1=x,2=y")
    assert(("abc"):gsub("", "-") == "-a-b-c-" and ("abc"):gsub("%w", "%0%0", 2) == "aabbc" and ("abc"):gsub(".", { a = 1, b = false }) == "1bc")
    assert(("abc"):gsub("b", function() return false end) == "abc" and ("a b c"):gsub("%s", "%%") == "a%b%c" and select(2, ("aaa"):gsub("a", "b")) == 3)
    assert(("hello"):gsub("l+", function(x) return #x end) == "he2o" and ("$name"):gsub("%$(%w+)", { name = "v" }) == "v")
    local list = {}
    for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do list[#list + 1] = k .. v end
    for w in ("one two"):gmatch("%a+") do list[#list + 1] = w end
    for p in ("ab"):gmatch("()") do list[#list + 1] = p end
    for w in ("^a^a"):gmatch("^a") do list[#list + 1] = w end
    assert(table.concat(list, " ") == "a1 b2 one two 1 2 3 ^a ^a" or table.concat(list, " ") == "a1 b2 one two 1 2 3", table.concat(list, " "))
    assert(("\0a\0"):find("%z") == 1 and ("a\0b"):find("\0b") == 2 and ("\xff\x80"):match("[\x80-\xff]+") == "\xff\x80" and ("äö"):upper() == "äö")
    for class, yes in pairs { a = "zZ", d = "09", l = "az", u = "AZ", s = " \t\n\v\f\r", w = "a9Z", x = "afAF09", p = "!/:@[`{~", c = "\0\31\127", g = "!~" } do
        for c in yes:gmatch(".") do assert(c:find("%" .. class) and not c:find("%" .. class:upper()), class) end
    end
    for _, bad in ipairs { "[a", "[", "%", "(", "%1", "(()%1", "%f", "%b", "%bx", "[a-", "[%", "(a", "a.)" } do
        assert(not pcall(string.find, "aaaa", bad), bad)
    end
    assert(not pcall(string.gsub, "x", "x", "%2") and not pcall(string.gsub, "x", "x", "%x") and not pcall(string.gsub, "x", "x", function() return {} end))
    assert(not pcall(string.rep) and not pcall(string.gsub, "x", "x") and not pcall(string.gsub, "x", "x", 1.5 .. "%"))
    assert(("x"):rep(0) == "" and ("x"):rep(-1) == "" and ("ab"):rep(3, ",") == "ab,ab,ab" and (""):rep(100, "-"):len() == 99 and ("x"):rep(1, "sep") == "x")
    return { ok = true }
end
