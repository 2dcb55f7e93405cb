--! about = warnings in pieces
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do warn("@off", "x", ("y"):rep(1000), "\n") end
end
