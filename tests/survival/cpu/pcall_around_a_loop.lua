--! about = a loop inside pcall inside a loop inside pcall
--! hook = survive.run
--! expect = fault:fuel
local function forever() while true do pcall(function() while true do end end) end end
function run(n, s)
    if n == 0 then return {} end
    while true do pcall(forever) end
end
