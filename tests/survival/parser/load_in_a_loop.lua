--! about = sources compiled without end
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do n = load("return function(...) local a <const>, b <close> = 1, nil return a, ... end") end
end
