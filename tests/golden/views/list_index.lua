--! about = a list is asked for integers; a float that is one serves as it would with a table
--! hook = test.change
--! expect = result {"done":true}
--! fuel = 4630
function change(count, word, numbers)
    assert(numbers[2] == -2)
    local half = #numbers / 3
    return { done = numbers[half * 2] == -2 }
end
