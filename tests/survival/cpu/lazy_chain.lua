--! about = a chain of lazy matches that never matches
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    return { ok = (("a"):rep(2000)):find((".-"):rep(20) .. "b") ~= nil }
end
