--! about = running out inside pcall is the end, not an error to catch
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    while true do pcall(string.rep, "x", 100000000) end
end
