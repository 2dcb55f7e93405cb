--! about = every thread that may be within a call is
--! hook = survive.run
--! driver = places_used_up
--! grant = program
--! expect = denied:busy
function run(n, s)
    if n == 0 then return {} end
    program.act()
    return { integer = 1 }
end
