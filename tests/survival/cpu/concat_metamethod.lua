--! about = a __concat that concatenates
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local meta = {}
    meta.__concat = function(a, b) return a .. b end
    return { text = setmetatable({}, meta) .. "x" }
end
