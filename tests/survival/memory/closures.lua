--! about = closures that hold each other
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local f = print
    while true do local inner = f f = function() return inner end end
end
