--! about = an __lt that compares to compare
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local meta = {}
    meta.__lt = function(a, b) return not (b < a) end
    return { ok = setmetatable({}, meta) < setmetatable({}, meta) }
end
