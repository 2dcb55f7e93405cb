--! about = copies of a long string
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local text = ("Text "):rep(100000)
    while true do n = #text:upper():lower():reverse() end
end
