--! about = a coroutine as a result, suspended
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    local thread = coroutine.create(coroutine.yield)
    coroutine.resume(thread)
    return { integer = thread }
end
