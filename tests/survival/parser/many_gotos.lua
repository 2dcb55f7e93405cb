--! about = jumps that wait for a label which never comes
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local parts = {}
    for i = 1, 3000 do parts[i] = "do goto l" .. i .. " end" end
    local chunk, message = load(table.concat(parts, "\n"))
    assert(chunk == nil and message:find("no visible label"))
    while true do load(table.concat(parts, "\n")) end
end
