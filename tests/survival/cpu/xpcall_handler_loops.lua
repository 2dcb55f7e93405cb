--! about = a message handler that never comes back
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    xpcall(error, function() while true do end end)
end
