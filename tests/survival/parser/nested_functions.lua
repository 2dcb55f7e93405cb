--! about = functions inside functions, as deep as a script is long
--! hook = survive.run
--! driver = source function()return_ _end 40_000
--! expect = refused:stack
function run(n, s)
    if n == 0 then return {} end
    return {}
end
