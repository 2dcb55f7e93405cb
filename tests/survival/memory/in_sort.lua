--! about = running out in a comparison
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local kept = {}
    table.sort({ 5, 4, 3, 2, 1 }, function(a, b)
        for i = 1, math.huge do kept[i] = { i } end
        return a < b
    end)
end
