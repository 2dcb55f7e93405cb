--! about = as many calls as can be, each of next to nothing
--! hook = survive.run
--! expect = fault:fuel
local function nothing() end
function run(n, s)
    if n == 0 then return {} end
    while true do nothing() nothing() nothing() nothing() end
end
