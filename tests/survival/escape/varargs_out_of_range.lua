--! about = counts and positions that wrap around
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    assert(not pcall(select, 0) and not pcall(select, math.mininteger) and select("#", select(math.maxinteger, 1, 2)) == 0)
    assert(("abc"):byte(math.mininteger, math.maxinteger) == 97 and ("abc"):sub(math.mininteger, math.maxinteger) == "abc")
    assert((""):byte(1 << 53) == nil and ("x"):byte((1 << 32) + 1) == nil and ("abc"):sub((1 << 32) + 1) == "")
    assert(not pcall(utf8.codepoint, "abc", 1, 1 << 40) and not pcall(utf8.offset, "abc", 1, 1 << 33))
    assert(("x"):find("x", 1 << 32) == nil and ("x"):find("", (1 << 32) + 1) == nil)
    return { ok = true }
end
