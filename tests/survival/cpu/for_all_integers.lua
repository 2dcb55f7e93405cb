--! about = a numeric loop over every integer there is
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    for i = math.mininteger, math.maxinteger do n = i end
end
