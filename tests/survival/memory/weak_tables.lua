--! about = weak tables of weak tables
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local all = {}
    for i = 1, math.huge do
        all[i] = setmetatable({ {}, {}, i }, { __mode = i % 2 == 0 and "k" or "kv" })
    end
end
