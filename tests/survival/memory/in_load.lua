--! about = running out in the parser
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    load("return {" .. ("{},"):rep(400000) .. "}")
    return { ok = true }
end
