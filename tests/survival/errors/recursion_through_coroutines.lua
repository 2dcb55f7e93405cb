--! about = recursion through coroutines that resume new ones
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local function nest() local ok, why = coroutine.resume(coroutine.create(nest)) if not ok then error(why, 0) end end
    nest()
end
