--! about = more statements than memory holds as code
--! hook = survive.run
--! driver = source repeat ;n=1_ 100_000
--! budget = memory=512KiB
--! expect = refused:memory
function run(n, s)
    if n == 0 then return {} end
    return {}
end
