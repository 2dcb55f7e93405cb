--! about = closures as quickly as they can be made
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do n = function() return n end end
end
