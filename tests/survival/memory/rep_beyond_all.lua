--! about = more bytes than there are addresses
--! hook = survive.run
--! expect = fault:script
--! message = resulting string too large
function run(n, s)
    if n == 0 then return {} end
    return { text = ("x"):rep(1 << 40) }
end
