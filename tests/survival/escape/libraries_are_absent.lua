--! about = nothing of Lua that reaches outside is there, under any name
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    for _, name in ipairs { "io", "os", "package", "require", "dofile", "loadfile", "newproxy", "getfenv", "setfenv",
        "loadstring", "module", "unpack", "bit", "bit32", "ffi", "jit", "cjson", "struct", "cmsgpack", "redis" } do
        assert(_G[name] == nil and rawget(_G, name) == nil and _ENV[name] == nil, name)
    end
    for name in pairs(debug) do assert(name == "traceback", name) end
    return { ok = true }
end
