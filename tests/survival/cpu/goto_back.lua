--! about = a loop by goto across blocks
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    ::again::
    do
        local x <const> = 1
        if x == 1 then goto again end
    end
end
