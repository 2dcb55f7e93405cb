--! about = a zero with a sign
--! hook = survive.run
--! expect = result {"number":-0.0}
function run(n, s)
    if n == 0 then return {} end
    return { number = -0.0 }
end
