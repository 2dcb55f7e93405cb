--! about = structures packed with sizes that overflow
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    -- There: struct.pack took a size that did not fit and wrote past its buffer.
    for _, format in ipairs { "i17", "i0", "!17", "i4294967297", "I99", "j17", "Xz", "X", "c-1", "s17", "!3i4 Xi3" } do
        assert(not pcall(string.pack, format, 1) and not pcall(string.unpack, format, ("x"):rep(64)), format)
    end
    assert(not pcall(string.unpack, "i4", "abcd", 1 << 32) and not pcall(string.unpack, "z", "abc"))
    return { ok = true }
end
