--! about = a table that is its own key
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    t[t] = t
    return t
end
