--! about = a coroutine inside a coroutine, as deep as it goes, and a loop there
--! hook = survive.run
--! expect = fault:fuel
local function deeper(depth)
    if depth == 0 then while true do end end
    return coroutine.wrap(deeper)(depth - 1)
end
function run(n, s)
    if n == 0 then return {} end
    deeper(100)
end
