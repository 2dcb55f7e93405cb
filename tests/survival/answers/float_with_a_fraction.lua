--! about = half a number where a whole one is expected
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { integer = 2251799813685248.5 }
end
