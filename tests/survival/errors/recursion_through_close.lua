--! about = recursion through close handlers
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local meta = {}
    meta.__close = function() local guard <close> = setmetatable({}, meta) end
    local guard <close> = setmetatable({}, meta)
end
