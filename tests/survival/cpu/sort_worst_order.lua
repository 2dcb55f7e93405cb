--! about = an order made to meet the worst pivots
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    -- Decides what is larger only when asked, so that each pivot turns out to be the smallest so far.
    local count, solid, value, candidate = 3000, 0, {}, 0
    local t = {}
    for i = 1, count do t[i], value[i] = i, math.huge end
    table.sort(t, function(x, y)
        if value[x] == math.huge and value[y] == math.huge then
            solid = solid + 1
            value[x == candidate and x or y] = solid
        end
        if value[x] == math.huge then candidate = x elseif value[y] == math.huge then candidate = y end
        return value[x] < value[y]
    end)
    while true do end
end
