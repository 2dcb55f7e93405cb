--! about = logging costs fuel by the call and by the byte: no wall time for nothing
--! hook = test.run
--! budget = fuel=1M log_lines=0
--! expect = fault:fuel
--! message = out of fuel
--! fuel = 1000000
function run()
    local line = ("x"):rep(60000)
    for _ = 1, 10 do log.info(line) end
    return {}
end
