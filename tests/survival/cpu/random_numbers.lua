--! about = random numbers in the least likely range
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    -- A range just over a power of two throws half of all numbers away.
    while true do n = math.random(math.mininteger, 1) end
end
