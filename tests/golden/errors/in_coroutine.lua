--! about = an error in a coroutine ends it, and is its resumer's to raise
--! hook = test.run
--! expect = fault:script
--! message = in_coroutine.lua:11: wrapped
--! fuel = 52580
function run()
    local thread = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() closed = true end }) error("kept") end)
    local ok, message = coroutine.resume(thread)
    assert(not ok and message == "in_coroutine.lua:7: kept" and coroutine.status(thread) == "dead" and not closed)
    assert(not coroutine.close(thread) and closed)
    coroutine.wrap(function() error("wrapped") end)()
end
