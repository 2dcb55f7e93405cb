--! about = variables that are closed: order, errors, and how the block is left
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 178279
local log
local function guard(name, raise)
    return setmetatable({}, { __close = function(_, why)
        log[#log + 1] = name .. (why and ":" .. tostring(why) or "")
        if raise then error(raise, 0) end
    end })
end
local function logged(expected) local text = table.concat(log, " ") log = {} assert(text == expected, text) end
function run()
    log = {}
    do local a <close>, b, c <const> = guard "a", 1, 2 local d <close> = guard "d" end
    logged "d a"
    assert((function() local a <close> = guard "a" return #log end)() == 0)
    logged "a"
    -- Values are gathered before, a tail call is none any more.
    local function inner(...) log[#log + 1] = "inner" return ... end
    local one, two = (function() local a <close> = guard "a" return inner(1, 2) end)()
    assert(one == 1 and two == 2)
    logged "inner a"
    -- Errors: each handler sees the latest one.
    local ok, why = pcall(function()
        local a <close> = guard "a"
        local b <close> = guard("b", "from b")
        local c <close> = guard "c"
        error("first", 0)
    end)
    assert(not ok and why == "from b")
    logged "c:first b:first a:from b"
    ok, why = pcall(function() local a <close> = guard("a", "from a") return "value" end)
    assert(not ok and why == "from a")
    logged "a"
    -- Loops, breaks, the fourth value of a generic loop.
    for _ = 1, 2 do local a <close> = guard "a" break end
    logged "a"
    for _ in function(_, x) return not x or nil end, nil, nil, guard "loop" do end
    logged "loop"
    ok = pcall(function() for _ in pairs {}, nil, nil, guard "x" do end end)
    for _ in next, { 1 }, nil, guard "last" do break end
    log[1] = log[#log] log = { log[1] }
    logged "last"
    -- nil and false are closed by doing nothing; other values without __close are refused.
    do local a <close>, b = nil, 1 local c <close> = false end
    ok, why = pcall(function() local x <close> = {} end)
    assert(not ok and why:find("variable 'x' got a non-closable value", 1, true))
    -- Coroutines: suspended ones are closed by coroutine.close, in order.
    local thread = coroutine.create(function() local a <close> = guard "a" local b <close> = guard("b", "no") coroutine.yield(1) end)
    coroutine.resume(thread)
    ok, why = coroutine.close(thread)
    assert(not ok and why == "no" and coroutine.status(thread) == "dead" and coroutine.close(thread))
    logged "b a:no"
    thread = coroutine.wrap(function() local a <close> = guard "a" error("in wrap", 0) end)
    ok, why = pcall(thread)
    assert(not ok and why == "in wrap")
    logged "a:in wrap"
    -- Yielding inside of a handler.
    thread = coroutine.wrap(function()
        local a <close> = setmetatable({}, { __close = function() coroutine.yield("closing") log[#log + 1] = "closed" end })
        return "returned"
    end)
    assert(thread() == "closing" and thread() == "returned")
    logged "closed"
    return { ok = true }
end
