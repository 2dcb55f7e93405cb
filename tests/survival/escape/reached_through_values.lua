--! about = nothing leads from what is there to what is not
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local seen, count = {}, 0
    local function walk(value)
        if seen[value] or value == nil then return end
        local kind = type(value)
        if kind ~= "table" and kind ~= "userdata" and kind ~= "function" and kind ~= "thread" then return end
        seen[value], count = true, count + 1
        walk(getmetatable(value) or nil)
        if kind == "table" then
            for k, v in next, value do
                assert(type(k) ~= "string" or not k:find("^_LOADED") and not k:find("^_PRELOAD"), k)
                walk(k) walk(v)
            end
        end
    end
    walk(_G) walk("") walk(coroutine.running())
    assert(not seen[nil] and count > 50 and count < 500, count)
    return { ok = true }
end
