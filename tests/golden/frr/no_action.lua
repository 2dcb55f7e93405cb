--! about = a table without an action means the declared default, where FRR dies
--! hook = bgp.route_match
--! expect = result {}
--! fuel = 1336
function route_match()
    return {}
end
