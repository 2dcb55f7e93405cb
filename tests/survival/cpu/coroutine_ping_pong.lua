--! about = two coroutines that hand control to each other for ever
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local thread = coroutine.wrap(function() while true do coroutine.yield() end end)
    while true do thread() end
end
