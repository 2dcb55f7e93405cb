--! about = balanced matches of what never balances
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local open = ("("):rep(50000)
    while true do open:find("%b()") end
end
