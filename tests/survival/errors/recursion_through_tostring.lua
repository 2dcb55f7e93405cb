--! about = recursion through texts of values
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local object = setmetatable({}, { __tostring = function(o) return "x" .. tostring(o) end })
    return { text = tostring(object) }
end
