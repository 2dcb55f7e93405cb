--! about = a close handler runs before the answer is read
--! hook = test.answer
--! expect = result {"small":2}
--! fuel = 4379
function answer()
    local result = { small = 1 }
    local guard <close> = setmetatable({}, { __close = function() result.small = 2 end })
    return result
end
