--! about = gigabytes at one stroke
--! hook = survive.run
--! budget = fuel=1G memory=1MiB
--! expect = fault:memory
function run(n, s)
    if n == 0 then return {} end
    return { text = ("x"):rep(2000000000) }
end
