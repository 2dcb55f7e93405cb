--! about = a frontier at every place of a long string
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local text = ("x"):rep(50000)
    while true do text:find("%f[" .. ("a"):rep(1000) .. "]y") end
end
