--! about = not a number where a whole one is expected
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { integer = 0 / 0 }
end
