--! about = a program that lets go of the host in the middle of a call
--! hook = survive.run
--! driver = shutdown
--! grant = program
--! expect = result {"integer":1}
function run(n, s)
    if n == 0 then return {} end
    program.act()
    local t = {}
    for i = 1, 50 do t[i] = { i } end
    return { integer = n }
end
