--! about = a list has no names
--! hook = test.change
--! expect = fault:script
--! message = list_index_wrong.lua:7: numbers is a list: expected an integer index, got "length"
--! fuel = 24684
function change(count, word, numbers)
    return { done = numbers.length }
end
