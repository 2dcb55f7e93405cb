--! about = coroutines that close and resume each other at the limit of C calls
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    -- The shape of CVE-2021-43519: resuming at the limit overran the C stack.
    local function loop(depth)
        local thread = coroutine.wrap(function() return pcall(loop, depth + 1) end)
        return select(2, thread())
    end
    local result = { pcall(loop, 1) }
    local closed = setmetatable({}, { __close = function() coroutine.wrap(function() error("x") end)() end })
    local thread = coroutine.create(function() local guard <close> = closed coroutine.yield() end)
    coroutine.resume(thread)
    local ok, message = coroutine.close(thread)
    return { ok = #result > 0 and not ok and message:find("x", 1, true) ~= nil }
end
