--! about = an overflow caught, a thousand times
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local function deeper() return 1 + deeper() end
    while true do pcall(deeper) end
end
