--! about = a table of many names
--! hook = survive.run
--! budget = fuel=1G memory=32MiB
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, 50000 do t["name " .. i] = i end
    return { map = t }
end
