--! about = labels without end
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local parts = {}
    for i = 1, 20000 do parts[i] = "::l" .. i .. "::" end
    load(table.concat(parts))
    while true do load(table.concat(parts, "", 1, 1000)) end
end
