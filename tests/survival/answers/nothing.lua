--! about = no answer at all
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
end
