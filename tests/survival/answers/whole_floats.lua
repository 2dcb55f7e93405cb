--! about = floats that are whole numbers, where integers are expected
--! hook = survive.run
--! expect = result {"integer":5,"list":[1,2],"small":-5}
function run(n, s)
    if n == 0 then return {} end
    return { integer = 5.0, small = -5.0, list = { 1.0, 2 } }
end
