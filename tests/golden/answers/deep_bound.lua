--! about = deeper than answers may be, where a list is declared
--! hook = test.collections
--! expect = fault:answer
--! message = result.matrix[1][1]: expected integer, got table
--! fuel = 49239
function collections()
    local deep = { 1 }
    for _ = 1, 40 do deep = { deep } end
    return { matrix = deep }
end
