--! about = find, match, gmatch, gsub and every kind of pattern item
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 222991
function run()
    assert(("hello"):find("l") == 3 and select(2, ("hello"):find("l+")) == 4 and ("a.b"):find(".", 1, true) == 2)
    assert(("hello"):find("xyz") == nil and ("hello"):find("", 10) == nil and ("hello"):find("", 6) == 6 and ("x"):find("x", -5) == 1)
    assert(("key = value"):match("^(%w+)%s*=%s*(%w+)$") == "key" and ("2024-01-02"):match("(%d+)-(%d+)-(%d+)") == "2024")
    assert(("abc"):match("()b()") == 2 and ("[[x]]"):match("%b[]") == "[[x]]" and ("THE (quick) fox"):find("%((%a+)%)") == 5)
    assert(("THE (quick) fox"):gsub("%f[%a]%a+", "w") == "w (w) w" and ("aXb"):match("%u") == "X" and ("\0x"):match("%z") == "\0")
    assert(("a-b"):match("[a%-]+") == "a-" and ("x]"):match("[]]") == "]" and ("^x"):match("[%^]") == "^" and ("09az"):match("[0-9]+") == "09")
    assert(("aaa"):match("a-") == "" and ("aaa"):match("^a-$") == "aaa" and ("ab"):match("a?b") == "ab" and ("abab"):match("(ab)%1") == "ab")
    local words = {}
    for word in ("one two  three"):gmatch("%a+") do words[#words + 1] = word end
    for k, v in ("a=1, b=2"):gmatch("(%w)=(%w)") do words[#words + 1] = k .. v end
    for at in ("abc"):gmatch("()", 2) do words[#words + 1] = tostring(at) end
    assert(table.concat(words, " ") == "one two three a1 b2 2 3 4", table.concat(words, " "))
    assert(("hello world"):gsub("o", "0", 1) == "hell0 world" and select(2, ("aaa"):gsub("a", "b")) == 3)
    assert(("abc"):gsub("%w", "%0%0") == "aabbcc" and ("hello"):gsub("", "-") == "-h-e-l-l-o-" and ("x%"):gsub("%%", "%%%%") == "x%%")
    assert(("$name is $age"):gsub("%$(%w+)", { name = "Lua", age = 30 }) == "Lua is 30")
    assert(("abc"):gsub("%w", function(c) return c ~= "b" and c:upper() or nil end) == "AbC" and ("abc"):gsub("b", false and 1 or "") == "ac")
    assert(("äö"):gsub(utf8.charpattern, function(c) return #c end) == "22")
    for _, bad in ipairs { "[a", "%", "(", "%b", "%bx", "%f", "(()", "%1", "[%" } do assert(not pcall(string.find, "a", bad), bad) end
    assert(not pcall(string.gsub, "x", "x", "%2") and not pcall(string.gsub, "x", "x", "%q") and not pcall(string.gsub, "x", "x", function() return {} end))
    assert(not pcall(string.match, "a", ")") and not pcall(string.rep, "x", 1e10) and not pcall(string.find, ("a"):rep(40), ("(a)"):rep(33)))
    return { ok = true }
end
