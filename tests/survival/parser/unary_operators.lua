--! about = two hundred thousand negations of a number
--! hook = survive.run
--! driver = source not_ _ 200_000
--! expect = refused:stack
function run(n, s)
    if n == 0 then return {} end
    return {}
end
