--! about = a reader that raises, yields, or gives what is no text
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local chunk, message = load(function() error("no more", 0) end)
    assert(chunk == nil and message == "no more")
    chunk, message = load(function() return {} end)
    assert(chunk == nil and message:find("must return a string", 1, true))
    local thread = coroutine.create(function() return load(coroutine.yield) end)
    local ok, chunk, message = coroutine.resume(thread)
    assert(ok and chunk == nil and message:find("yield", 1, true), message)
    return { ok = true }
end
