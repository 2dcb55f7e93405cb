--! about = a map is asked for strings
--! hook = test.collections
--! expect = fault:script
--! message = map_key.lua:7: counts is a map: expected a string key, got 1
--! fuel = 23030
function collections(_, _, _, _, _, _, counts)
    return { integers = { counts[1] } }
end
