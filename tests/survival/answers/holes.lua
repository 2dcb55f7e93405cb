--! about = a list with holes
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { list = { 1, nil, 3, nil, nil, 6 } }
end
