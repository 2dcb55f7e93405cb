--! about = nor does a message handler see it
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    xpcall(function() local t = {} for i = 1, math.huge do t[i] = {} end end, function() stranger = "seen" while true do end end)
    return { ok = true }
end
