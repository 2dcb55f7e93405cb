--! about = an error that is a coroutine
--! hook = survive.run
--! expect = fault:script
--! message = thread
function run(n, s)
    if n == 0 then return {} end
    error(coroutine.create(print))
end
