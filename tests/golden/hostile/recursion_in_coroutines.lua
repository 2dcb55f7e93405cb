--! about = coroutines inside coroutines
--! hook = test.run
--! expect = result {"text":"C stack overflow","integer":148,"ok":true}
--! fuel = 3780986
function run()
    local function deeper(n)
        return coroutine.wrap(function() return deeper(n + 1) end)()
    end
    local ok, message = pcall(deeper, 1)
    return { ok = not ok, text = message:match("C stack overflow$"), integer = select(2, message:gsub("lua:%d+:", "")) }
end
