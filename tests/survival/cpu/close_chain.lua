--! about = a thousand __close, each raising over the one before
--! hook = survive.run
--! expect = fault:script
--! message = close
local function nest(depth)
    local guard <close> = setmetatable({}, { __close = function() error("close " .. depth, 0) end })
    if depth < 50 then nest(depth + 1) end
end
function run(n, s)
    if n == 0 then return {} end
    local ok, message = pcall(nest, 1)
    assert(not ok and message == "close 1")
    nest(1)
end
