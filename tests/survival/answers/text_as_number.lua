--! about = text of a number where a number is expected
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { integer = "5" }
end
