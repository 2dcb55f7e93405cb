--! about = an error at the edge of the stack, whose text needs the stack
--! hook = survive.run
--! expect = result {"ok":true}
--! budget = fuel=300M
function run(n, s)
    if n == 0 then return {} end
    -- The shape of CVE-2022-33099: raising an error while handling an overflow ran over the C stack.
    local function deep() local t = {} t[nil .. t] = deep() return deep() end
    for _ = 1, 5 do
        assert(not pcall(deep))
        assert(not xpcall(deep, function(m) return m .. {} end))
    end
    local function overflow() overflow() return ("x"):rep(10) .. {} end
    local ok, message = pcall(overflow)
    return { ok = not ok and message:find("stack overflow", 1, true) ~= nil }
end
