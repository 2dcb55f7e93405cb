--! about = an optional record that is absent cannot be made up
--! hook = bgp.route_match
--! args = {"prefix": "192.0.2.0/24"}
--! expect = fault:answer
--! message = result.attributes.aggregator
--! fuel = 6016
function route_match(prefix, attributes)
    assert(attributes.aggregator == nil)
    return { attributes = { aggregator = { asn = 1, address = "192.0.2.1" } } }
end
