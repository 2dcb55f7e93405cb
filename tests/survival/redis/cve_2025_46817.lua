--! about = ranges of values whose count overflows
--! hook = survive.run
--! budget = fuel=100M
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    -- There: unpack({}, -2147483648, 2147483647) counted in 32 bits and ran over the stack.
    local long = ("x"):rep(100000)
    for _, range in ipairs {
        { -2147483648, 2147483647 }, { 0, 2147483647 }, { -1, 2147483646 }, { 1, 4294967296 }, { 1, 4294967297 },
        { math.mininteger, math.maxinteger }, { math.mininteger, -1 }, { 0, math.maxinteger }, { math.maxinteger - 100000000, math.maxinteger },
    } do
        local ok, message = pcall(table.unpack, {}, range[1], range[2])
        assert(not ok and message:find("too many results to unpack", 1, true), message)
        ok, message = pcall(string.byte, long, range[1], range[2])
        assert(ok or message:find("string slice too long", 1, true), message)
    end
    assert(select("#", table.unpack({}, math.maxinteger, math.mininteger)) == 0)
    assert(select("#", table.unpack({}, math.maxinteger, math.maxinteger)) == 1)
    return { ok = true }
end
