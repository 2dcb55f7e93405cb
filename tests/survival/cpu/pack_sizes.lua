--! about = packed sizes that add up to more than there is
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local ok, message = pcall(string.packsize, ("c214748363"):rep(21))
    assert(not ok and message:find("too large", 1, true), message)
    ok, message = pcall(string.unpack, "s4", "\255\255\255\255")
    assert(not ok and message:find("too short", 1, true), message)
    return { ok = true }
end
