--! about = proxies as results
--! hook = survive.run
--! expect = result {}
function run(n, s)
    if n == 0 then return {} end
    local proxy = setmetatable({}, { __index = function() while true do end end, __len = function() return 1 << 40 end })
    return { list = proxy, map = proxy }
end
