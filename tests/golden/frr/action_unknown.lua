--! about = an action that no action has, which FRR takes for one
--! hook = bgp.route_match
--! expect = fault:answer
--! message = result.action: expected FAILURE, NOMATCH, MATCH or MATCH_AND_CHANGE, got 99
--! fuel = 2140
function route_match()
    return { action = 99 }
end
