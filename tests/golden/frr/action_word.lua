--! about = an action that is no number, where FRR dies
--! hook = bgp.route_match
--! expect = fault:answer
--! message = result.action: expected FAILURE, NOMATCH, MATCH or MATCH_AND_CHANGE, got "x"
--! fuel = 2214
function route_match()
    return { action = "x" }
end
