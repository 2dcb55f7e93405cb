--! about = a source of ten megabytes
--! hook = survive.run
--! driver = source pad 10_000_000
--! expect = refused:attach
function run(n, s)
    if n == 0 then return {} end
    return {}
end
