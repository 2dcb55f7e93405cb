--! about = utf8: lax and strict, ends of sequences, negative positions, surrogates and what is too long
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 489786
function run()
    for _, code in ipairs { 0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff } do
        local text = utf8.char(code)
        if code < 0xd800 or code > 0xdfff then assert(utf8.len(text) == 1 and utf8.codepoint(text) == code) end
        assert(utf8.codepoint(text, 1, 1, true) == code)
    end
    assert(#utf8.char(0x7ff) == 2 and #utf8.char(0x800) == 3 and #utf8.char(0x10000) == 4 and #utf8.char(0x200000) == 5 and #utf8.char(0x4000000) == 6)
    assert(not pcall(utf8.char, -1) and not pcall(utf8.char, 0x80000000) and utf8.char() == "" and utf8.char(72, 228, 8364) == "Hä€")
    for _, bad in ipairs { "\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xe2\x82", "\xc3(" } do
        local len, at = utf8.len("a" .. bad)
        assert(len == nil and at == 2, bad)
        assert(not pcall(utf8.codepoint, bad) and not pcall(function() for _ in utf8.codes(bad) do end end))
    end
    assert(utf8.len("\xed\xa0\x80", 1, -1, true) == 1 and utf8.len("\xf4\x90\x80\x80", 1, -1, true) == 1 and utf8.len("\xc0\x80", 1, -1, true) == nil)
    local text = "aä€😀z"
    assert(utf8.len(text) == 5 and utf8.len(text, -1) == 1 and utf8.len(text, 4) == 3 and utf8.len(text, 2, 3) == 1 and utf8.len("") == 0)
    assert(utf8.len(text, 12) == 0 and not pcall(utf8.len, text, 13) and utf8.len(text, 3) == nil and utf8.len(text, 5, 4) == 0)
    assert(utf8.offset(text, 1) == 1 and utf8.offset(text, 3) == 4 and utf8.offset(text, 6) == 12 and utf8.offset(text, 7) == nil)
    assert(utf8.offset(text, -1) == 11 and utf8.offset(text, -2) == 7 and utf8.offset(text, 0, 8) == 7 and utf8.offset(text, -6) == nil)
    assert(not pcall(utf8.offset, text, 1, 3) and not pcall(utf8.offset, text, 1, 14) and utf8.offset("", 1) == 1)
    assert(select("#", utf8.codepoint(text, 1, -1)) == 5 and select("#", utf8.codepoint(text, 3, 2)) == 0 and not pcall(utf8.codepoint, text, 1, 12))
    local at, codes = {}, {}
    for p, c in utf8.codes(text) do at[#at + 1], codes[#codes + 1] = p, c end
    assert(table.concat(at, " ") == "1 2 4 7 11" and table.concat(codes, " ") == "97 228 8364 128512 122")
    local parts = {}
    for part in text:gmatch(utf8.charpattern) do parts[#parts + 1] = part end
    assert(#parts == 5 and table.concat(parts, "|") == "a|ä|€|😀|z" and "\u{48}\u{e4}" == "Hä")
    return { ok = true }
end
