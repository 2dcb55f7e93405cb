--! about = the metatable that all strings share
--! hook = survive.run
--! expect = result {"text":"owned"}
function run(n, s)
    if n == 0 then return {} end
    local meta = getmetatable("")
    meta.__index = function(text, key) return function() return "owned" end end
    meta.__add, meta.__len, meta.__call = function() return "sum" end, function() return -1 end, function() return s end
    meta.__gc, meta.__mode, meta.__close = error, "kv", error
    setmetatable(meta, { __index = error })
    return { text = ("x"):upper() }
end
