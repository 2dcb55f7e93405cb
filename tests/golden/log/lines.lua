--! about = lines over the budget are dropped and counted
--! hook = test.run
--! budget = log_lines=3
--! expect = result {"integer": 10}
--! fuel = 0
function run()
    for i = 1, 10 do log.info("line " .. i) end
    return { integer = 10 }
end
