--! about = strings made to fall into one bucket cost what any strings cost
--! hook = test.run
--! budget = fuel=100M
--! expect = result {"integer":2000}
--! fuel = 11154995
function run()
    local t, n = {}, 0
    for i = 1, 2000 do t[("%08d"):format(i * 1024)] = i end
    for _ in pairs(t) do n = n + 1 end
    return { integer = n }
end
