--! about = text of one byte more
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { name = "123456789" }
end
