--! about = numbers far apart
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do n = math.fmod(1.7976931348623157e308, 5e-324) + 1e308 % 5e-324 end
end
