--! about = integers that fall into one place of any table
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    -- Places are taken modulo one less than a power of two; this is a multiple of all of those up to 2^14 that matter.
    local t, step = {}, ((1 << 14) - 1) * ((1 << 13) - 1)
    for i = 1, math.huge do t[i * step] = i end
end
