--! about = a comparison that empties and fills the table it sorts
--! hook = survive.run
--! expect = fault:script
--! message = attempt to compare
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, 300 do t[i] = (i * 7919) % 300 end
    table.sort(t, function(a, b)
        for i = 1, 300 do t[i] = nil end
        return a < b
    end)
end
