--! about = a chunk that loads its own text and runs it
--! hook = survive.run
--! budget = fuel=1G
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local text = "local text = ... return load(text)(text), 1"
    return load(text)(text)
end
