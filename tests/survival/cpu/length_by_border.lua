--! about = lengths of a table with as many holes as values
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, 16 do t[1 << i] = true end
    while true do n = #t end
end
