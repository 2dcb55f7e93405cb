--! about = print of everything there is
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do print(n, s, _G, print, nil, 1.5) end
end
