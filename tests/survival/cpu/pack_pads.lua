--! about = a short string packed into four hundred million bytes
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    return { text = string.pack("c429496729", "x") }
end
