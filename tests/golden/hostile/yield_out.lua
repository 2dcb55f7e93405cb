--! about = a handler is no coroutine
--! hook = test.run
--! expect = fault:script
--! message = attempt to yield from outside a coroutine
--! fuel = 19871
function run()
    coroutine.yield({ ok = true })
end
