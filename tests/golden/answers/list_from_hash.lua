--! about = a list filled from its end is a list all the same
--! hook = test.answer
--! expect = result {"list":[1,2,3,4]}
--! fuel = 9127
function answer()
    local list = {}
    for i = 4, 1, -1 do list[i] = i end
    list[100] = 1
    list[100] = nil
    return { list = list }
end
