--! about = what the mathematical library takes longest for
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local x = 0.9999999
    while true do x = math.sin(x * 1e300) + math.tan(x * 1e200) + x ^ 0.3333 + math.log(x * x + 2, 3) + math.exp(x) end
end
