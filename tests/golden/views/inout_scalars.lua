--! about = inout arguments that are no records are answered by name
--! hook = test.change
--! expect = result {"count":201,"word":"new","numbers":[3,1,-2,9]}
--! fuel = 7420
function change(count, word, numbers, packet)
    assert(count == 200 and word == "old")
    return { count = count + 1, word = "new", numbers = { numbers[3], numbers[1], numbers[2], 9 } }
end
