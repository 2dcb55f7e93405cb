--! about = recursion through formats, which have buffers on the stack
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local object = setmetatable({}, { __tostring = function(o) return string.format("%s %99.99f", o, 1e308) end })
    return { text = string.format("%s", object) }
end
