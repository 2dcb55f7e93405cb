--! about = a handler of an overflow that overflows
--! hook = survive.run
--! expect = fault:fuel
--! budget = fuel=20M
function run(n, s)
    if n == 0 then return {} end
    local function deeper() return 1 + deeper() end
    while true do xpcall(deeper, function() return deeper() end) end
end
