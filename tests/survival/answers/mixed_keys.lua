--! about = a list with a name among its numbers
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { list = { 1, 2, 3, name = 4 } }
end
