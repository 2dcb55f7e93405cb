--! about = tables nested deeper than anything declared
--! hook = test.answer
--! budget = fuel=100M memory=16MiB
--! expect = fault:answer
--! message = result.integer: expected integer, got table
--! fuel = 11318134
function answer()
    local deep = {}
    for _ = 1, 10000 do deep = { deep } end
    return { integer = deep }
end
