--! about = a loop whose step is too small to move
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    for i = 1.0, 2.0, 5e-324 do n = i end
end
