--! about = an answer whose metatable has everything
--! hook = survive.run
--! expect = result {"integer":5}
function run(n, s)
    if n == 0 then return {} end
    local meta = {}
    for _, name in ipairs { "__index", "__newindex", "__len", "__pairs", "__tostring", "__name", "__gc", "__close", "__eq", "__call", "__mode", "__metatable" } do
        meta[name] = function() while true do end end
    end
    return setmetatable({ integer = 5 }, meta)
end
