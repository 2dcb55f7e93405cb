--! about = nil as the answer: it is empty
--! hook = survive.run
--! expect = result {}
function run(n, s)
    if n == 0 then return {} end
    return nil
end
