--! about = an error in a finalizer is a warning
--! hook = survive.run
--! expect = fault:fuel
--! budget = fuel=30M
function run(n, s)
    if n == 0 then return {} end
    while true do setmetatable({}, { __gc = function() error(("x"):rep(10000)) end }) end
end
