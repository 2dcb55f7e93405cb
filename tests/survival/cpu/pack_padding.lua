--! about = alignment and sizes at their limits
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local format = ("!16i1Xi16"):rep(1000)
    local values = {}
    for i = 1, 1000 do values[i] = i % 100 end
    while true do s = string.pack(format, table.unpack(values)) end
end
