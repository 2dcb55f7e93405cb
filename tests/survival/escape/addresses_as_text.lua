--! about = what two runs show of addresses is the same
--! hook = survive.run
--! expect = result {"ok":true}
local first = tostring({}) .. tostring(print) .. string.format("%p", "a long enough string, more than forty bytes of it")
function run(n, s)
    if n == 0 then return {} end
    local seen = {}
    for i = 1, 100 do seen[i] = tostring({}) .. tostring(coroutine.create(print)) end
    log.info(first .. table.concat(seen))
    return { ok = true }
end
