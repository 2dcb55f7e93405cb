--! about = bytecode is refused in every mode, whole or in pieces
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 108524
function run()
    local header = "\27Lua\x54\0\x19\x93\r\n\x1a\n\4\8\8" .. ("\0"):rep(100)
    for _, mode in ipairs { "b", "bt", "t", "tb" } do
        local chunk, message = load(header, "c", mode)
        assert(chunk == nil and message:find(mode == "b" and "not supported" or "attempt to load a binary chunk", 1, true), message)
        local at = 0
        chunk, message = load(function() at = at + 1 return header:sub(at, at) ~= "" and header:sub(at, at) or nil end, "c", mode)
        assert(chunk == nil and message:find("binary chunk", 1, true), message)
    end
    return { ok = load(header) == nil }
end
