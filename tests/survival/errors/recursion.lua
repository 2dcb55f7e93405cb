--! about = recursion without end
--! hook = survive.run
--! budget = fuel=100M
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    return run(n, s) or 1
end
