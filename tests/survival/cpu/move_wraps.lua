--! about = moves whose ends would wrap around
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local ok, message = pcall(table.move, {}, math.mininteger, math.maxinteger, 1)
    assert(not ok and message:find("too many elements to move", 1, true))
    ok, message = pcall(table.move, {}, 1, math.maxinteger, 2)
    assert(not ok and message:find("destination wrap around", 1, true))
    return { ok = true }
end
