--! about = coroutines: create, resume, yield, status, wrap, running, isyieldable, close
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 94420
function run()
    local main, is_main = coroutine.running()
    assert(is_main and not coroutine.isyieldable() and coroutine.status(main) == "running")
    local thread = coroutine.create(function(a, b)
        assert(coroutine.isyieldable() and coroutine.status(main) == "normal" and not select(2, coroutine.running()))
        local c = coroutine.yield(a + b)
        local d, e = coroutine.yield(c * 2)
        return d + e, "end"
    end)
    assert(coroutine.status(thread) == "suspended")
    assert(select(2, coroutine.resume(thread, 1, 2)) == 3 and select(2, coroutine.resume(thread, 10)) == 20)
    local ok, sum, text = coroutine.resume(thread, 3, 4)
    assert(ok and sum == 7 and text == "end" and coroutine.status(thread) == "dead")
    local again, message = coroutine.resume(thread)
    assert(not again and message == "cannot resume dead coroutine")
    local squares = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end)
    assert(squares() == 1 and squares() == 4 and squares() == 9 and squares() == nil and not pcall(squares))
    -- Across pcall, metamethods, iterators and table.sort.
    local across = coroutine.wrap(function()
        local ok, got = pcall(function() return coroutine.yield("in pcall") end)
        assert(ok and got == 1)
        ok, got = pcall(function() coroutine.yield("again") error("out", 0) end)
        assert(not ok and got == "out")
        local t = setmetatable({}, { __index = function(_, k) return coroutine.yield(k) end, __add = function(a, b) return coroutine.yield("add") end })
        assert(t.key == 2 and t + 1 == 3)
        for x in function(_, x) return coroutine.yield("iterator") end do assert(x == 4) break end
        local _, refused = pcall(table.sort, { 1, 2, 3 }, function(a, b) coroutine.yield() end)
        return refused
    end)
    assert(across() == "in pcall" and across(1) == "again" and across() == "key" and across(2) == "add" and across(3) == "iterator")
    assert(across(4) == "attempt to yield across a C-call boundary")
    -- Closing.
    local log = {}
    local pending = coroutine.create(function()
        local a <close> = setmetatable({}, { __close = function() log[#log + 1] = "a" end })
        local b <close> = setmetatable({}, { __close = function() log[#log + 1] = "b" error("closing", 0) end })
        coroutine.yield()
    end)
    coroutine.resume(pending)
    local closed, why = coroutine.close(pending)
    assert(not closed and why == "closing" and table.concat(log) == "ba" and coroutine.status(pending) == "dead")
    assert(coroutine.close(coroutine.create(print)) and not pcall(coroutine.close, main))
    assert(select(2, coroutine.resume(coroutine.create(function() return coroutine.resume(main) end))) == false)
    return { ok = true }
end
