--! about = code left behind for another user's script to run
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local function trap() while true do end end
    local libraries = { string, table, math, utf8, coroutine, net, log, debug }
    for _, library in ipairs(libraries) do for name in pairs(library) do library[name] = trap end end
    local names = {}
    for name in pairs(_G) do if name ~= "run" and name ~= "_G" then names[#names + 1] = name end end
    for i = 1, #names do _G[names[i]] = trap end
    stranger = trap
    return { ok = true }
end
