--! about = a field that is looked up to be looked up
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    return { text = setmetatable({}, { __index = function(t, k) return t[k .. "x"] end }).field }
end
