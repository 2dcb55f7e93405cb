--! about = six levels, as in FRR, and print
--! hook = test.run
--! expect = result {"ok":true}
--! log = trace@19 a
--! log = debug@20 b
--! log = info@21 c
--! log = notice@22 d
--! log = warn@23 e
--! log = error@24 f
--! log = info@25 5
--! log = info@26 1.5
--! log = info@27 9007199254740992
--! log = info@28
--! log = info@29 one\t2\t3.5\tnil\ttrue
--! log = info@30
--! log = info@31 own
--! fuel = 43263
function run(n, s)
    log.trace("a")
    log.debug("b")
    log.info("c")
    log.notice("d")
    log.warn("e")
    log.error("f")
    log.info(5)
    log.info(1.5)
    log.info(2 ^ 53)
    log.info("")
    print("one", 2, 3.5, nil, true)
    print()
    print(setmetatable({}, { __tostring = function() return "own" end }))
    local ok, message = pcall(print, setmetatable({}, { __tostring = function() return {} end }))
    return { ok = not ok }
end
