--! about = tables inside tables under a key that is none
--! hook = survive.run
--! budget = fuel=100M
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for _ = 1, 10000 do t = { t } end
    return { nonsense = t }
end
