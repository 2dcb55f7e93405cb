--! about = all but one byte of a long string, again and again
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local text = ("x"):rep(500000)
    while true do n = #text:sub(2) end
end
