--! about = lists by index, length, ipairs, pairs, and Lua's own functions over them
--! hook = test.change
--! args = {"numbers": [10,20,30, 40]}
--! expect = result {"done":true}
--! fuel = 72451
function change(count, word, numbers, packet)
    assert(#numbers == 4 and numbers[1] == 10 and numbers[4] == 40)
    for _, index in ipairs { 0, -1, 5, math.maxinteger, math.mininteger, 4294967297 } do assert(numbers[index] == nil, index) end
    local seen = {}
    for i, value in ipairs(numbers) do seen[#seen + 1] = i * value end
    for i, value in pairs(numbers) do seen[#seen + 1] = i * value end
    assert(table.concat(seen, " ") == "10 40 90 160 10 40 90 160")
    assert(table.concat(numbers, ",") == "10,20,30,40" and table.concat(numbers, ",", 2, 3) == "20,30")
    assert(select("#", table.unpack(numbers)) == 4 and select(3, table.unpack(numbers)) == 30)
    assert(table.concat(table.move(numbers, 2, 4, 1, {}), " ") == "20 30 40")
    assert(numbers == numbers and packet.tags == packet.tags and packet.tags ~= numbers and packet.path[2] == 64510)
    return { done = true }
end
