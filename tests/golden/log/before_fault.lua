--! about = what was logged before a fault was logged
--! hook = test.run
--! budget = fuel=100K
--! expect = fault:fuel
--! message = out of fuel
--! log = info@9 before
--! fuel = 100000
function run()
    log.info("before")
    while true do end
end
