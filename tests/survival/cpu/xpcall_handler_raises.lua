--! about = a message handler that raises at each error, its own too
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local calls = 0
    local ok, message = xpcall(error, function(m) calls = calls + 1 error(m) end, "first")
    return { ok = not ok and calls > 1 and calls < 1000 }
end
