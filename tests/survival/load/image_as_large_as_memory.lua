--! about = a script whose state leaves no page for its calls
--! hook = survive.run
--! budget = fuel=1G memory=512KiB
--! expect = fault:memory
local kept = {}
for i = 1, 3000 do kept[i] = { i } end
function run(n, s)
    if n == 0 then return {} end
    for i = 1, math.huge do kept[#kept + 1] = { i } end
end
