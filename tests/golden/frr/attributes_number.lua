--! about = an answer that FRR takes for a table
--! hook = bgp.route_match
--! expect = fault:answer
--! message = result.attributes: expected a table, got integer
--! fuel = 2186
function route_match()
    return { attributes = 2 }
end
