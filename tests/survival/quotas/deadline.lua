--! about = a loop that has fuel for longer than its deadline
--! hook = survive.run
--! driver = in_turn
--! budget = deadline=5ms fuel=1G
--! expect = fault:deadline
--! expect = fault:deadline
function run(n, s)
    while true do end
end
