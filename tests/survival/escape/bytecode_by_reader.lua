--! about = a precompiled chunk in pieces of one byte
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local bytes, at = "\27Lua\x54\0\x19\x93\r\n\x1a\n", 0
    local chunk, message = load(function() at = at + 1 return bytes:sub(at, at) end, "=x", "bt")
    return { ok = chunk == nil and message ~= nil }
end
