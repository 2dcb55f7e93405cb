--! about = an operator that groups to the right, a hundred thousand times
--! hook = survive.run
--! driver = source ''.. _ 100_000
--! expect = refused:stack
function run(n, s)
    if n == 0 then return {} end
    return {}
end
