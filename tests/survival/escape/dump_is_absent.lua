--! about = no function gives its code away
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    return { ok = string.dump == nil and rawget(string, "dump") == nil and ("x").dump == nil }
end
