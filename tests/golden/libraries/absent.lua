--! about = what reaches outside, or undoes a promise, is not there
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 68858
function run()
    for _, name in ipairs {
        "io", "os", "package", "require", "dofile", "loadfile", "newproxy", "getfenv", "setfenv", "unpack", "loadstring", "module",
        "jit", "ffi", "bit", "bit32", "arg",
    } do
        assert(_G[name] == nil, name)
    end
    for _, name in ipairs {
        "debug", "gethook", "getinfo", "getlocal", "getmetatable", "getregistry", "getupvalue", "getuservalue", "sethook",
        "setlocal", "setmetatable", "setupvalue", "setuservalue", "upvalueid", "upvaluejoin", "setcstacklimit",
    } do
        assert(debug[name] == nil, name)
    end
    for _, name in ipairs { "pow", "mod", "log10", "ldexp", "frexp", "cosh", "sinh", "tanh" } do assert(math[name] == nil, name) end
    for _, name in ipairs { "getn", "maxn", "foreach", "foreachi" } do assert(table[name] == nil, name) end
    assert(string.dump == nil and string.gfind == nil and ("").dump == nil)
    return { ok = true }
end
