--! about = a function as a key
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { [print] = 1 }
end
