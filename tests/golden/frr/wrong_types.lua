--! about = fields of the wrong type
--! hook = bgp.route_match
--! expect = fault:answer
--! message = result.attributes.metric: expected integer 0..4294967295, got string "high"
--! fuel = 4043
function route_match()
    return { action = 3, attributes = { metric = "high" } }
end
