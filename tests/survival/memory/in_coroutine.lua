--! about = nor does whoever resumed the coroutine that ran out
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    coroutine.resume(coroutine.create(function() local t = {} for i = 1, math.huge do t[i] = {} end end))
    return { ok = true }
end
