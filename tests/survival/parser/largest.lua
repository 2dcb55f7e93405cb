--! about = a source of exactly as many bytes as may be
--! hook = survive.run
--! driver = source pad 1_048_576
--! expect = result {"integer":1}
function run(n, s)
    if n == 0 then return {} end
    return { integer = n }
end
