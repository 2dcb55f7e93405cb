--! about = a table of a million keys
--! hook = survive.run
--! budget = fuel=1G memory=64MiB
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, 1000000 do t[i] = i end
    return { list = t }
end
