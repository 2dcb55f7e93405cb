--! about = finalizers and close handlers that are due after the answer
--! hook = survive.run
--! expect = result {"integer":1}
function run(n, s)
    if n == 0 then return {} end
    answers = { integer = 1 }
    finalizer = setmetatable({}, { __gc = function() answers.integer = 2 while true do end end })
    finalizer = nil
    local guard <close> = setmetatable({}, { __close = function() answers.integer = 1 end })
    return answers
end
