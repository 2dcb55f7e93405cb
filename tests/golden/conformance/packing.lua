--! about = string.pack and unpack: sizes, alignment, byte order, overflow, positions
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 1189519
function run()
    local pack, unpack, size = string.pack, string.unpack, string.packsize
    for n = 1, 16 do
        for _, order in ipairs { "<", ">" } do
            local fmt = order .. "i" .. n
            assert(#pack(fmt, -3) == n and unpack(fmt, pack(fmt, -3)) == -3 and size(fmt) == n, fmt)
            local most = n < 8 and (1 << (n * 8 - 1)) - 1 or math.maxinteger
            assert(unpack(fmt, pack(fmt, most)) == most and unpack(fmt, pack(fmt, -most - 1)) == -most - 1)
            if n < 8 then assert(not pcall(pack, fmt, most + 1) and not pcall(pack, fmt, -most - 2) and not pcall(pack, order .. "I" .. n, most * 2 + 2)) end
        end
    end
    assert(pack(">I3", 0x010203) == "\1\2\3" and pack("<I3", 0x010203) == "\3\2\1" and pack(">i2 <i2", 1, 1) == "\0\1\1\0")
    assert(pack("!4 i1 i4", 1, 2) == "\1\0\0\0\2\0\0\0" and pack("!2 i1 i4", 1, 2) == "\1\0\2\0\0\0" and pack("i1 Xi4 i1", 1, 2) == "\1\2")
    assert(pack("!4 i1 Xi4 i1", 1, 2) == "\1\0\0\0\2" and size("!8 i1 i8") == 16 and size("!8 i1 Xi8") == 8)
    assert(pack("z", "") == "\0" and pack("s1", ("x"):rep(255)):len() == 256 and not pcall(pack, "s1", ("x"):rep(256)))
    assert(pack("c5", "ab") == "ab\0\0\0" and not pcall(pack, "c1", "ab") and unpack("c0", "x") == "" and pack("x") == "\0")
    local a, b, c, at = unpack("<i2 z s1", "\1\0text\0\2hi tail")
    assert(a == 1 and b == "text" and c == "hi" and at == 11)
    assert(unpack("<i2", "\0\1\2\3", -2) == 0x302 and select(2, unpack("b", "abc", 2)) == 3 and not pcall(unpack, "b", "abc", 4))
    assert(unpack("<d", pack("<d", -0.0)) == 0 and 1 / unpack("<d", pack("<d", -0.0)) < 0 and unpack(">n", pack(">n", 1 / 0)) == 1 / 0)
    assert(unpack("<f", pack("<f", 1e300)) == 1 / 0 and unpack("<f", pack("<f", 0.1)) ~= 0.1 and unpack("j", pack("j", math.mininteger)) == math.mininteger)
    assert(not pcall(unpack, "<i9", ("\255"):rep(8) .. "\1") and unpack("<i9", ("\255"):rep(9)) == -1 and unpack("<I16", "\5" .. ("\0"):rep(15)) == 5)
    for _, bad in ipairs { "i0", "i17", "!17", "!0", "c", "y", "Xc4", "!3 i4 Xi3", "i4294967296" } do assert(not pcall(pack, bad, 1, 1), bad) end
    assert(not pcall(size, "z") and not pcall(size, "s4") and not pcall(unpack, "z", "abc") and not pcall(unpack, "s1", "\5abc"))
    assert(pack("=i4", 1):len() == 4 and pack(" < i1 > i1 = i1 ", 1, 2, 3) == "\1\2\3" and pack("") == "" and unpack("", "abc") == 1)
    return { ok = true }
end
