--! about = what was logged before a fault was logged
--! hook = test.run
--! budget = fuel=100K
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 0
function run()
    log.info("before")
    while true do end
end
