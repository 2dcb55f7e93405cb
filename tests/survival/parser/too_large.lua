--! about = a source of one byte more
--! hook = survive.run
--! driver = source pad 1_048_577
--! expect = refused:attach
--! message = 1048577 B requested, expected at most 1 MiB
function run(n, s)
    if n == 0 then return {} end
    return {}
end
