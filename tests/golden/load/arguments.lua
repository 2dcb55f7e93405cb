--! about = there are no arguments while a script loads, and its log is heard
--! hook = test.run
--! expect = result {"integer": 0}
--! fuel = 0
loaded = select("#", ...)
log.info("loading")
function run()
    return { integer = loaded }
end
