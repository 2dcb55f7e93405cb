--! about = C calls inside C calls
--! hook = test.run
--! expect = fault:stack
--! message = C stack overflow
--! fuel = 433630
function run(n, s)
    local function deeper() return (s:gsub(".", deeper)) end
    return { text = deeper() }
end
