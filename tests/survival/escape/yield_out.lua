--! about = a yield out of the handler, through pcall
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local ok, message = pcall(coroutine.yield, { ok = false })
    assert(not coroutine.isyieldable() and select(2, coroutine.running()))
    return { ok = not ok and message:find("outside a coroutine", 1, true) ~= nil }
end
