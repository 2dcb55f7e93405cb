--! about = not-a-number is written the same way whatever machine made it, and is not equal to itself anywhere
--! hook = test.scalars
--! args = {"number": "nan"}
--! expect = result {"number":"nan","text":"nan nan -nan nan -nan nan"}
--! fuel = 100059
function scalars(_, _, _, _, _, _, _, _, _, number)
    local made, negated, root = 0 / 0, -(0 / 0), math.sqrt(-1)
    for _, value in ipairs { number, made, negated, root, math.huge - math.huge } do
        assert(value ~= value and math.type(value) == "float" and not (value < 0) and not (value >= 0) and math.tointeger(value) == nil)
        assert(not pcall(function() local t = {} t[value] = 1 end) and ({})[value] == nil)
    end
    local text = table.concat({ tostring(number), tostring(made), negated .. "", string.format("%g", root), string.format("%.1f", -root), tostring(tonumber(string.format("%f", made)) or made) }, " ")
    assert(string.pack("<d", made) == string.pack("<d", number) and string.pack("<d", root) == string.pack("<d", made))
    return { text = text, number = negated }
end
