--! about = insertions that move the whole list each time
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local list = {}
    while true do table.insert(list, 1, n) end
end
