--! about = tables inside tables, ten thousand deep
--! hook = survive.run
--! budget = fuel=100M
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for _ = 1, 10000 do t = { left = t } end
    return { pair = t }
end
