--! about = more upvalues than a function may have
--! hook = survive.run
--! budget = fuel=100M
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local parts, use = {}, {}
    for f = 1, 2 do
        parts[#parts + 1] = f == 1 and "" or "local function f() "
        for i = 1, 150 do
            parts[#parts + 1] = ("local v%d_%d = 1 "):format(f, i)
            use[#use + 1] = ("v%d_%d"):format(f, i)
        end
    end
    local chunk, message = load(table.concat(parts) .. " return function() return " .. table.concat(use, "+") .. " end end")
    return { ok = chunk == nil and message:find("too many upvalues", 1, true) ~= nil }
end
