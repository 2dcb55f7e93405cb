--! about = text of control characters, quoted
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local text = ("\0"):rep(20000)
    while true do n = #string.format("%q", text) end
end
