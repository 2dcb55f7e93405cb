--! about = a back reference tried at every length
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    return { ok = (("a"):rep(20000) .. "b"):find("(a*)%1c") ~= nil }
end
