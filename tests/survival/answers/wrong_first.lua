--! about = the right answer after a wrong one
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return 5, { integer = 1 }
end
