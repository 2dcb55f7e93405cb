--! about = positions beyond 32 bits are beyond every string, though the guest is a 32-bit machine
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 731546
function run()
    local s = "abc"
    for _, far in ipairs { 4, 1 << 31, 1 << 32, (1 << 32) + 1, 1 << 53, math.maxinteger } do
        assert(select("#", s:byte(far)) == 0 and select("#", (""):byte(far)) == 0, "byte " .. far)
        assert(select("#", s:byte(far, far)) == 0 and s:byte(-far) == (far == 4 and s:byte(-far) or s:byte(-far)), "byte -" .. far)
        assert(s:sub(far) == "" and s:sub(far, far) == "" and s:sub(1, far) == "abc" and s:sub(-far) == "abc", "sub " .. far)
        assert(far == 4 and s:find("", far) == 4 or s:find("", far) == nil, "find " .. far)
        assert(s:find("a", far) == nil and s:find("a", far, true) == nil and s:match("a", far) == nil, "find a " .. far)
        for _ in s:gmatch("a", far) do error("gmatch " .. far) end
        assert(far == 4 or not pcall(string.unpack, "b", s, far), "unpack " .. far)
        assert(not pcall(utf8.codepoint, s, far) and (far == 4 or not pcall(utf8.len, s, far)), "utf8 " .. far)
        assert(select("#", select(far, 1, 2)) == 0, "select " .. far)
        assert(s:gsub("a", "b", far) == "bbc", "gsub " .. far)
    end
    return { ok = true }
end
