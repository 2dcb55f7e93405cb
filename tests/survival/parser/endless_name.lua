--! about = a name that never ends
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    load(function() return ("x"):rep(10000) end)
end
