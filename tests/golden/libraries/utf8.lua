--! about = the utf8 library
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 53746
function run()
    assert(utf8.char(72, 228, 8364, 128512) == "Hä€😀" and utf8.char() == "" and utf8.charpattern == "[\0-\x7F\xC2-\xFD][\x80-\xBF]*")
    assert(utf8.len("Hä€😀") == 4 and utf8.len("") == 0 and utf8.len("äb", 3) == 1 and select(2, utf8.len("a\xff")) == 2)
    assert(utf8.codepoint("ä") == 228 and select("#", utf8.codepoint("ä€", 1, -1)) == 2 and not pcall(utf8.codepoint, "\xff"))
    assert(utf8.offset("aä€b", 3) == 4 and utf8.offset("aä€b", -1) == 7 and utf8.offset("a", 5) == nil and utf8.offset("äb", 0, 2) == 1)
    local seen = {}
    for at, code in utf8.codes("aä€") do seen[#seen + 1] = at .. ":" .. code end
    assert(table.concat(seen, " ") == "1:97 2:228 4:8364" and not pcall(function() for _ in utf8.codes("a\xffb") do end end))
    assert(utf8.len("\u{d800}") == nil and utf8.len("\u{d800}", 1, -1, true) == 1 and utf8.char(0x7fffffff):len() == 6)
    assert(utf8.len("\xf4\x90\x80\x80") == nil and utf8.len("\xf4\x90\x80\x80", 1, -1, true) == 1 and utf8.len("\xc0\x80") == nil)
    return { ok = true }
end
