--! about = a metric beyond 32 bits, which FRR cuts off
--! hook = bgp.route_match
--! expect = fault:answer
--! message = result.attributes.metric: expected integer 0..4294967295, got 4294967296
--! fuel = 4089
function route_match()
    return { action = "MATCH_AND_CHANGE", attributes = { metric = 1 << 32 } }
end
