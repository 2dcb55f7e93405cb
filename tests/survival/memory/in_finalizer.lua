--! about = running out in a finalizer
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local kept = {}
    for i = 1, math.huge do
        setmetatable({}, { __gc = function() for j = 1, 1000 do kept[#kept + 1] = { j } end end })
    end
end
