--! about = garbage, and collections asked for
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do
        local t = {}
        for i = 1, 100 do t[i] = { i } end
        collectgarbage()
        collectgarbage("step", 1000000)
    end
end
