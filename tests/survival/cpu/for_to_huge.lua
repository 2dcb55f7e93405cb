--! about = a numeric loop to infinity
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    for i = 1, math.huge do n = i end
end
