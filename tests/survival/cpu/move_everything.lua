--! about = a move over all the places there are
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    table.move(setmetatable({}, { __index = function() return nil end }), 1, math.maxinteger - 1, 2, {})
end
