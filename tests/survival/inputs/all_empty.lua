--! about = everything is there, and nothing in it
--! hook = survive.inputs
--! args = {"flag": false, "integer": 0, "small": 0, "number": 0.0, "text": "", "data": "", "address": "::",
--!     "prefix": "0.0.0.0/0", "list": [], "map": {}, "item": {}, "items": [], "packet": {"mark": 0, "inner": {}}}
--! expect = result {"ok":true}
function inputs(flag, integer, small, number, text, data, address, prefix, list, map, item, items, packet)
    if flag == nil then return {} end
    assert(flag == false and integer == 0 and small == 0 and number == 0.0 and text == "" and data == "")
    assert(address.string == "::" and prefix.length == 0 and #list == 0 and #map == 0 and #items == 0)
    for _ in pairs(list) do error("an element") end
    for _ in pairs(map) do error("an entry") end
    for _ in pairs(item) do error("a field") end
    assert(list[1] == nil and map.x == nil and item.key == nil and item.numbers == nil and item.inner == nil)
    return { ok = true }
end
