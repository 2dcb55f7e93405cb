--! about = no further executor can be made
--! hook = survive.run
--! driver = executors_used_up
--! grant = program
--! expect = denied:busy
function run(n, s)
    if n == 0 then return {} end
    program.act()
    return { integer = 1 }
end
