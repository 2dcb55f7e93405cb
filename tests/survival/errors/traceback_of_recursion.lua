--! about = an error under a thousand frames
--! hook = survive.run
--! expect = fault:script
--! traceback = skipping
local function deeper(depth)
    if depth == 0 then error("deep") end
    deeper(depth - 1)
    return depth
end
function run(n, s)
    if n == 0 then return {} end
    deeper(1000)
end
