--! about = the package library, through which a script reached the shell there
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local reached = pcall(function() return package.loadlib("liblua.so", "luaopen_io") end)
    local required = pcall(function() return require("io") end)
    return { ok = not reached and not required and package == nil and require == nil }
end
