--! about = a number that never ends
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=512KiB
function run(n, s)
    if n == 0 then return {} end
    load(function() return ("1"):rep(10000) end)
end
