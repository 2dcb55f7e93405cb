--! about = a capability that refuses, with words of the script's own
--! hook = survive.run
--! grant = probe
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    for _, words in ipairs { "", "%s%n", "\0\255", ("x"):rep(5000) } do assert(not pcall(probe.refuse, words)) end
    return { ok = true }
end
