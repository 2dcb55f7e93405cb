--! about = as many calls into C as can be
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local type, select, rawlen, byte = type, select, rawlen, string.byte
    while true do n = type(n) n = select("#") n = rawlen("") n = byte("x") end
end
