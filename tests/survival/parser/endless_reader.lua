--! about = a source that never ends
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    load(function() return "local x = 1 do end " end)
    while true do end
end
