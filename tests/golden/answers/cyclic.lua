--! about = a list that contains itself
--! hook = test.collections
--! expect = fault:answer
--! message = result.matrix[1]: expected list of at most 8 (integer), got a table that contains itself
--! fuel = 3814
function collections()
    local list = {}
    list[1] = list
    return { matrix = list }
end
