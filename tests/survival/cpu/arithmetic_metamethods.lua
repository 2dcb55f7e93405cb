--! about = every operator's metamethod, each asking the next
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local meta = {}
    local names = { "__add", "__sub", "__mul", "__div", "__mod", "__pow", "__idiv", "__band", "__bor", "__bxor", "__shl", "__shr" }
    for _, name in ipairs(names) do meta[name] = function(a, b) return a ~ b end end
    return { integer = setmetatable({}, meta) + 1 }
end
