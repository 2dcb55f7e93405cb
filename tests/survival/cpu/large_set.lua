--! about = a set as long as the string it is held against
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local set = "[" .. ("b"):rep(20000) .. "]"
    return { ok = (("a"):rep(20000)):find(set) ~= nil }
end
