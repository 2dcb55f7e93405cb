--! about = a generic loop whose iterator never says nil
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    for i in function() return true end do n = i end
end
