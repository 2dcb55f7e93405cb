--! about = log lines without end
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do log.info(("x"):rep(60000)) end
end
