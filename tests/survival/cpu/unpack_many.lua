--! about = as many values as fit, again and again
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local list = table.move({ 1 }, 1, 1, 1, {})
    for i = 1, 8000 do list[i] = i end
    while true do n = select("#", table.unpack(list)) end
end
