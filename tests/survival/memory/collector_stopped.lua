--! about = a collector that was told to stop
--! hook = survive.run
--! expect = fault:fuel
--! budget = fuel=50M
function run(n, s)
    if n == 0 then return {} end
    collectgarbage("stop")
    collectgarbage("setpause", 1000000)
    collectgarbage("generational")
    -- Garbage only: it is collected all the same.
    while true do n = { n and 1 } end
end
