--! about = the same loop on eight threads
--! hook = survive.run
--! driver = threads 8
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do end
end
