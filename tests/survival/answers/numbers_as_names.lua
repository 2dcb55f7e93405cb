--! about = a map whose names are numbers
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { map = { [1] = 1 } }
end
