--! about = a refusal that is not caught names its line
--! hook = test.run
--! expect = fault:script
--! message = uncaught.lua:7: log.warn: expected a string
--! fuel = 22294
function run()
    log.warn({})
end
