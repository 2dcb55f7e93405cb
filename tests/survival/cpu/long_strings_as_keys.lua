--! about = long strings hashed for the first time
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local t, text = {}, ("x"):rep(300000)
    for i = 1, math.huge do t[text .. i] = nil n = t[text .. i] end
end
