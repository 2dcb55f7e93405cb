--! about = the same overflow on eight threads
--! hook = survive.run
--! driver = threads 8
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local function deeper() return (("x"):gsub(".", deeper)) end
    return { text = deeper() }
end
