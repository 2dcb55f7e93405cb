--! about = the answer is what it is when the handler has returned
--! hook = survive.run
--! expect = result {"integer":3}
function run(n, s)
    if n == 0 then return {} end
    local answer = { integer = 1 }
    local guard <close> = setmetatable({}, { __close = function() answer.integer = 3 end })
    return answer
end
