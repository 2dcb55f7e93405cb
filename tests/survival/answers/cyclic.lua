--! about = a table that contains itself
--! hook = survive.run
--! expect = fault:answer
--! message = contains itself
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    t.left = t
    return { pair = t }
end
