--! about = string.pack, unpack and packsize
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 159371
function run()
    assert(string.pack("<i4", 100) == "d\0\0\0" and string.pack(">i4", 100) == "\0\0\0d" and string.unpack("<i4", "d\0\0\0") == 100)
    assert(string.pack("z", "hi") == "hi\0" and string.pack("s1", "hi") == "\2hi" and string.unpack("s1", "\2hi") == "hi")
    assert(string.packsize("i4i8") == 12 and string.packsize("!8i4i8") == 16 and string.packsize("<!4 i1 i4") == 8)
    assert(string.pack("<b", -1) == "\xff" and string.unpack("<B", "\xff") == 255 and string.unpack("<b", "\xff") == -1)
    assert(string.unpack("<d", string.pack("<d", 0.1)) == 0.1 and string.unpack("<f", string.pack("<f", 0.5)) == 0.5)
    assert(string.unpack("<j", string.pack("<j", math.mininteger)) == math.mininteger and string.pack("i16", 1):len() == 16)
    assert(select("#", string.unpack("<i1i2i4", "\1\2\0\3\0\0\0")) == 4 and select(4, string.unpack("<i1i2i4", "\1\2\0\3\0\0\0")) == 8)
    assert(string.unpack("c3", "abcdef") == "abc" and string.unpack("z", "ab\0cd") == "ab" and string.unpack("<H", "\1\2\3", 2) == 0x302)
    assert(string.packsize("T") == 4 and string.packsize("l") == 4, "the guest is a 32-bit machine")
    for _, bad in ipairs { "i17", "q", "i0", "!3i4", "c", "X", "Xz" } do assert(not pcall(string.pack, bad, 1), bad) end
    assert(not pcall(string.pack, "i1", 200) and not pcall(string.pack, "z", "a\0b") and not pcall(string.unpack, "i4", "abc"))
    assert(not pcall(string.packsize, "s") and not pcall(string.unpack, "c10", "x") and not pcall(string.unpack, "z", "x"))
    return { ok = true }
end
