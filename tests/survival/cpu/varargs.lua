--! about = arguments handed on and on
--! hook = survive.run
--! expect = fault:fuel
local function hand(...) return select(-1, ...) end
function run(n, s)
    if n == 0 then return {} end
    local values = {}
    for i = 1, 200 do values[i] = i end
    while true do n = hand(table.unpack(values)) end
end
