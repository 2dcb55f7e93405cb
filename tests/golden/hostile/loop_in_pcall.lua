--! about = no pcall catches the end of the fuel
--! hook = bgp.route_match
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 10000000
function route_match()
    local ok = pcall(function() while true do end end)
    return {}
end
