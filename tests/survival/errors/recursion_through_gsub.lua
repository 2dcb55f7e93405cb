--! about = recursion through replacements
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local function deeper() return (("x"):gsub(".", deeper)) end
    return { text = deeper() }
end
