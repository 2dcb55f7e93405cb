--! about = a table of a million keys is not read to its end to be refused
--! hook = test.answer
--! budget = memory=128MiB fuel=1G
--! expect = fault:answer
--! message = result.list: expected at most 4 elements, got more
--! fuel = 433194282
function answer()
    local list = {}
    for i = 1, 1000000 do list[i] = i end
    return { list = list }
end
