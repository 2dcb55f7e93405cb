--! about = recursion through the sort of a list
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local function deeper() table.sort({ 2, 1 }, deeper) end
    deeper()
end
