--! about = a __pairs that gives an endless iterator
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local t = setmetatable({}, { __pairs = function(t) return function(_, k) return (k or 0) + 1 end, t end })
    for k in pairs(t) do n = k end
end
