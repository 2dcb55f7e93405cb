--! about = a budget of no lines
--! hook = test.run
--! budget = log_lines=0
--! expect = result {"ok":true}
--! dropped = 2
--! fuel = 6168
function run()
    print("unheard")
    log.error("unheard")
    return { ok = true }
end
