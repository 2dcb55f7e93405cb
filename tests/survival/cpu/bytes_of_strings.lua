--! about = as many bytes as values fit, again and again
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local text = ("x"):rep(7000)
    while true do s = string.char(text:byte(1, -1)) end
end
