--! about = a large string, made anew each time
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do n = #("x"):rep(1000000) end
end
