--! about = variables that two hundred functions share, through all of them
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local made = {}
    local function deeper(depth, ...)
        local values = { ... }
        made[#made + 1] = function() return values, made, depth end
        if depth > 0 then return deeper(depth - 1, depth, table.unpack(values, 1, 100)) end
    end
    while true do deeper(100) end
end
