--! about = ten thousand elses, each with an if inside
--! hook = survive.run
--! budget = fuel=100M
--! expect = fault:stack
--! message = overflow
function run(n, s)
    if n == 0 then return {} end
    local chunk, message = load(("if n == 1 then else "):rep(10000) .. ("end "):rep(10000))
    error(message, 0)
end
