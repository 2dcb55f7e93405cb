--! about = a comparison that yields
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local thread = coroutine.create(function() table.sort({ 3, 1, 2 }, coroutine.yield) end)
    local ok, message = coroutine.resume(thread)
    return { ok = not ok and message:find("yield across a C-call boundary", 1, true) ~= nil }
end
