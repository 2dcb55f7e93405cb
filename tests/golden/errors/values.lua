--! about = error values of every type pass through pcall as they are
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 109085
function run()
    local t, f, thread = {}, function() end, coroutine.create(print)
    for _, value in ipairs { 1, 1.5, true, false, t, f, thread, print, net.address("::1"), "text" } do
        local ok, got = pcall(error, value, 0)
        assert(not ok and rawequal(got, value), tostring(value))
    end
    assert(select("#", pcall(error)) == 2 and select(2, pcall(error)) == nil)
    assert(select("#", pcall(error, nil)) == 2)
    local ok, a, b = pcall(function(...) return ... end, 1, 2)
    assert(ok and a == 1 and b == 2)
    assert(select(2, xpcall(error, function(e) return { e } end, "x", 0))[1] == "x")
    assert(select(2, xpcall(function(...) return select("#", ...) end, print, nil, nil)) == 2)
    assert(select(2, pcall(pcall)) == "bad argument #1 to 'pcall' (value expected)")
    return { ok = true }
end
