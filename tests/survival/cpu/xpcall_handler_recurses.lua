--! about = a message handler that fails under a message handler that fails
--! hook = survive.run
--! expect = fault:fuel
local function handler(m)
    xpcall(error, handler, m)
    xpcall(error, handler, m)
    return m
end
function run(n, s)
    if n == 0 then return {} end
    while true do xpcall(error, handler, "x") end
end
