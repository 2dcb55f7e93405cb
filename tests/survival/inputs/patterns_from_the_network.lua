--! about = text of the network used as a pattern
--! hook = survive.run
--! args = {"s": "(.-)[^"}
--! expect = fault:script
function run(n, s)
    if n == 0 then return {} end
    return { ok = ("text"):find(s) ~= nil }
end
