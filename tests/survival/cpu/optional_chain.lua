--! about = as many optional items as letters, twice over
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    return { ok = (("a"):rep(26)):match("^" .. ("a?"):rep(26) .. ("a"):rep(27)) ~= nil }
end
