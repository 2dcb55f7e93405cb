--! about = an error that is the call's argument
--! hook = bgp.route_match
--! calm = {"prefix": "192.0.2.0/25"}
--! expect = fault:script
function route_match(prefix, attributes, peer)
    if prefix.length == 25 then return {} end
    error(attributes)
end
