--! about = nothing returned: the answer is empty
--! hook = survive.run
--! expect = result {}
function run(n, s)
    if n == 0 then return {} end
end
