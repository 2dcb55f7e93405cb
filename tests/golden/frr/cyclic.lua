--! about = an answer that contains itself
--! hook = bgp.route_match
--! expect = fault:answer
--! message = result.attributes.communities: expected
--! message = got a table that contains itself
--! fuel = 4449
function route_match()
    local attributes = {}
    attributes.communities = attributes
    return { action = 3, attributes = attributes }
end
