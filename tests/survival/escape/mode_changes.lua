--! about = a mode whose text changes what is allowed
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    assert(not pcall(load, "return 1", "=x", {}))
    local chunk, message = load("return 1", "=x", "b")
    return { ok = chunk == nil and message:find("mode", 1, true) ~= nil and load("return 1", "=x", "xt")() == 1 }
end
