--! about = text of a hundred thousand digits read as a number
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local digits, hex = ("9"):rep(190), "0x" .. ("f"):rep(100000)
    while true do n = tonumber(digits) or tonumber(hex) end
end
