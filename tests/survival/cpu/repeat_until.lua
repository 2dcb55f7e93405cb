--! about = a loop whose end never comes
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local x = 0
    repeat x = (x + 1) % 3 until x > 3
end
