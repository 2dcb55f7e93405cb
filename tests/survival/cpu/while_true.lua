--! about = a loop without end and without a body
--! hook = survive.run
--! expect = fault:fuel
--! message = out of fuel
function run(n)
    if n == 0 then return {} end
    while true do end
end
