--! about = an error inside of coroutines inside of coroutines
--! hook = survive.run
--! expect = fault:script
--! message = innermost
local function deeper(depth)
    if depth == 0 then error("innermost", 0) end
    return coroutine.wrap(deeper)(depth - 1)
end
function run(n, s)
    if n == 0 then return {} end
    deeper(20)
end
