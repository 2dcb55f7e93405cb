--! about = a table filled and emptied, rehashed each time
--! hook = survive.run
--! expect = fault:fuel
--! budget = fuel=50M
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    while true do
        for i = 1, 1000 do t[i] = i end
        for i = 1, 1000 do t[i] = nil end
        t.x = 1 t.x = nil
    end
end
