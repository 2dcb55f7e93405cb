--! about = an insertion into a list that claims to be endless
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    table.insert(setmetatable({}, { __len = function() return 1 << 40 end }), 1, n)
end
