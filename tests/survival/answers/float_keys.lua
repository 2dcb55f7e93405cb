--! about = a list whose positions are floats
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { list = { [1] = 1, [2] = 2, [2.5] = 3 } }
end
