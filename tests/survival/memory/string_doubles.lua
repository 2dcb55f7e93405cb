--! about = a string that doubles until it cannot
--! hook = survive.run
--! budget = fuel=1G memory=1MiB
--! expect = fault:memory
function run(n, s)
    if n == 0 then return {} end
    while true do s = s .. s end
end
