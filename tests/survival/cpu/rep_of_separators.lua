--! about = separators only, more than memory holds
--! hook = survive.run
--! budget = fuel=1G memory=1MiB
--! expect = fault:memory
function run(n, s)
    if n == 0 then return {} end
    return { text = (""):rep(50000000, "xy") }
end
