--! about = keys of a hundred thousand bytes each
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local t, long = {}, ("k"):rep(100000)
    for i = 1, math.huge do t[long .. i] = i end
end
