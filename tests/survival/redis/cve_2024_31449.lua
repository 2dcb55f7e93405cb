--! about = numbers at the edge, written as text of a width that overflows
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    -- There: bit.tohex(x, -2147483648) negated its width, which overflowed, and wrote past a buffer on the stack.
    assert(bit == nil and bit32 == nil)
    for _, width in ipairs { "-2147483648", "2147483648", "-2147483647", "4294967295", "-9223372036854775808" } do
        for _, kind in ipairs { "d", "x", "s", "c", "f", "q", "a", "i" } do
            assert(not pcall(string.format, "%" .. width .. kind, -1) and not pcall(string.format, "%." .. width .. kind, -1))
        end
    end
    assert(("x"):rep(-2147483648) == "" and ("abc"):sub(-2147483648) == "abc" and ("abc"):byte(-2147483648) == nil)
    return { ok = string.format("%x", -2147483648) == "ffffffff80000000" and string.format("%99d", math.mininteger):len() == 99 }
end
