--! about = memory that runs out in the handler of a memory error, in close and in a coroutine
--! hook = survive.run
--! budget = fuel=500M memory=1MiB memory_errors=catchable
--! expect = result {"ok": true}
function run(n, s)
    if n == 0 then return { ok = true } end
    local function bomb() local t = {} for i = 1, 1e9 do t[i] = { i } end end
    local first = xpcall(bomb, function() bomb() end)
    local second = pcall(function()
        local guard <close> = setmetatable({}, { __close = bomb })
        bomb()
    end)
    local third = coroutine.resume(coroutine.create(bomb))
    return { ok = not (first or second or third) }
end
