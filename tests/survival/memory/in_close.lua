--! about = running out in a __close, after an error
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local guard <close> = setmetatable({}, { __close = function() local t = {} for i = 1, math.huge do t[i] = {} end end })
    error("first")
end
