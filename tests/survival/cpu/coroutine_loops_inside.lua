--! about = a loop inside a coroutine is the call's own
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    coroutine.wrap(function() while true do end end)()
end
