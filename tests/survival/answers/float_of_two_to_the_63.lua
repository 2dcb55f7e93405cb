--! about = a float one beyond the largest integer
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { integer = 2.0 ^ 63 }
end
