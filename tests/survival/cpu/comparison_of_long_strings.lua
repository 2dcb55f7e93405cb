--! about = long strings that differ in their last byte
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local a, b = ("x"):rep(500000) .. "a", ("x"):rep(500000) .. "b"
    while true do n = a < b and a ~= b end
end
