--! about = lines over the budget are dropped and counted
--! hook = test.run
--! budget = log_lines=3
--! expect = result {"integer":10}
--! log = info@11 line 1
--! log = info@11 line 2
--! log = info@11 line 3
--! dropped = 7
--! fuel = 29343
function run()
    for i = 1, 10 do log.info("line " .. i) end
    return { integer = 10 }
end
