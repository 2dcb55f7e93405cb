--! about = collectgarbage counts, and changes nothing: when garbage is collected is not the script's affair
--! hook = test.run
--! expect = result {"text":"0 0 0 false true incremental incremental 0 0 0","ok":true}
--! fuel = 112843
function run()
    local before = collectgarbage("count")
    local keep = ("x"):rep(100):rep(100)
    assert(math.type(before) == "float" and collectgarbage("count") > before + 9 and #keep == 10000)
    local weak = setmetatable({ {} }, { __mode = "v" })
    collectgarbage()
    collectgarbage("collect")
    assert(weak[1] ~= nil, "nothing was collected")
    local text = {}
    for i, option in ipairs { "collect", "stop", "restart", "step", "isrunning", "generational", "incremental", "setpause", "setstepmul" } do
        text[i] = tostring(collectgarbage(option))
    end
    text[#text + 1] = tostring(collectgarbage())
    assert(not pcall(collectgarbage, "nonsense"))
    return { ok = true, text = table.concat(text, " ") }
end
