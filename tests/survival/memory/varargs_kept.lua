--! about = packed arguments of packed arguments
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local kept = {}
    while true do kept[#kept + 1] = table.pack(table.unpack(kept, 1, 250)) end
end
