--! about = a proxy that would answer for every key
--! hook = survive.run
--! expect = result {}
function run(n, s)
    if n == 0 then return {} end
    return setmetatable({}, { __index = function() return 7 end, __pairs = function() error("asked") end, __len = function() error("asked") end })
end
