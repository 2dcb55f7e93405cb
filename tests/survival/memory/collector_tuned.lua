--! about = every option of the collector, with numbers from the edges
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    for _, option in ipairs { "collect", "stop", "restart", "step", "setpause", "setstepmul", "incremental", "generational", "isrunning" } do
        for _, number in ipairs { 0, -1, 1, math.maxinteger, math.mininteger } do collectgarbage(option, number, number, number) end
    end
    assert(not pcall(collectgarbage, "bogus") and not pcall(collectgarbage, {}))
    return { ok = collectgarbage("count") > 0 }
end
