--! about = tracebacks of a deep stack
--! hook = survive.run
--! expect = fault:fuel
local function deeper(depth)
    if depth == 0 then while true do debug.traceback() end end
    deeper(depth - 1)
    return depth
end
function run(n, s)
    if n == 0 then return {} end
    deeper(1000)
end
