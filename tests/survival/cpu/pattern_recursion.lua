--! about = a pattern that recurses once per item
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local ok, message = pcall(string.find, ("a"):rep(1000), ("(a"):rep(31) .. (")"):rep(31))
    local deep, why = pcall(string.find, ("a"):rep(1000), ("a?"):rep(999) .. "b")
    return { ok = ok and not deep and why:find("too complex", 1, true) ~= nil }
end
