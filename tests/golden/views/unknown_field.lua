--! about = an unknown field, with the nearest that there is
--! hook = bgp.route_match
--! expect = fault:script
--! message = unknown_field.lua:7: no field 'localpreff' in attributes; did you mean 'localpref'?
--! fuel = 95887
function route_match(prefix, attributes)
    return { action = attributes.localpreff }
end
