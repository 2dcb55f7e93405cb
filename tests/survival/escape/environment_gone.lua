--! about = an environment that is no table
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local ok, message = pcall(load("local _ENV = nil; return print"))
    assert(not ok and message:find("_ENV", 1, true), message)
    ok, message = pcall(load("return x.y.z", "=x", "t", 7))
    return { ok = not ok }
end
