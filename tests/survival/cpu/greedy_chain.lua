--! about = greedy repetitions side by side
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    return { ok = (("a"):rep(3000)):find("^" .. ("a*"):rep(10) .. "b") ~= nil }
end
