--! about = warnings are log lines at level warn; control messages have no meaning
--! hook = test.run
--! expect = result {}
--! log = warn@? one
--! log = warn@? two pieces
--! fuel = 51693
function run()
    warn("@on")
    warn("one")
    warn("two ", "pieces")
    warn("@off")
    assert(not pcall(warn) and not pcall(warn, {}))
    return {}
end
