--! about = a precompiled chunk's signature
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local signature = "\27Lua\x54\0\x19\x93\r\n\x1a\n\4\8\8"
    for _, mode in ipairs { "b", "bt", "t", "" } do
        local chunk, message = load(signature .. ("\0"):rep(100), "=x", mode)
        assert(chunk == nil and message, mode)
    end
    assert(load(signature) == nil and load("\27") == nil)
    return { ok = true }
end
