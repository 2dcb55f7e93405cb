--! about = two functions that call each other in their tails
--! hook = survive.run
--! expect = fault:fuel
local ping
local function pong(x) return ping(x) end
function ping(x) return pong(x) end
function run(n, s)
    if n == 0 then return {} end
    return ping(n)
end
