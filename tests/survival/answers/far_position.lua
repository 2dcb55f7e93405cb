--! about = a list with one element, at the end of all positions
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { list = { [math.maxinteger] = 1 } }
end
