--! about = a metatable for each table, and one for that
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    while true do t = setmetatable({}, setmetatable({ t }, { __index = t })) end
end
