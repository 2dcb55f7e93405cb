--! about = a function as a result
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { integer = run }
end
