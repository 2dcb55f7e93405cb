--! about = there are no arguments while a script loads, and its log is heard
--! hook = test.run
--! expect = result {}
--! log = info@7 loading
--! fuel = 2244
loaded = select("#", ...)
log.info("loading")
function run()
    return { integer = loaded }
end
