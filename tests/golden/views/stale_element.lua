--! about = so does a record of a list
--! hook = test.collections
--! state = kept
--! expect = result {}
--! fuel = 13588
--! expect = fault:script
--! message = stale_element.lua:11: 'Item' is stale: the call it belongs to ended; copy what you need
--! fuel = 24106
function collections(_, _, _, _, _, records)
    if old then
        return { integers = { old.n } }
    end
    old = records[1]
    return {}
end
