--! about = a comparison that always says yes
--! hook = survive.run
--! expect = fault:script
--! message = invalid order function
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, 1000 do t[i] = i % 10 end
    table.sort(t, function() return true end)
end
