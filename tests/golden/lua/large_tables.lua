--! about = tables of every kind of key, grown, shrunk and walked
--! hook = test.run
--! budget = fuel=100M
--! expect = result {"integer":500500,"ok":true}
--! fuel = 16161247
function run()
    local t = {}
    for i = 1, 1000 do
        t[i] = i
        t["k" .. i] = i
        t[i + 0.5] = i
        t[-i] = i
    end
    local n, sum = 0, 0
    for k, v in pairs(t) do
        n = n + 1
        if math.type(k) == "integer" and k > 0 then sum = sum + v end
    end
    assert(n == 4000 and #t == 1000)
    for k in pairs(t) do t[k] = nil end
    assert(next(t) == nil and #t == 0)
    t[true], t[print], t[t] = 1, 2, 3
    assert(t[true] == 1 and t[print] == 2 and t[t] == 3)
    return { ok = true, integer = sum }
end
