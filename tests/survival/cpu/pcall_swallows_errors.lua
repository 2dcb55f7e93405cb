--! about = a loop that swallows its own errors
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do pcall(error, "again") end
end
