--! about = six levels, as in FRR, and print
--! hook = test.run
--! expect = result {"ok": true}
--! fuel = 0
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
    local ok, message = pcall(print, setmetatable({}, { __tostring = function() return 5 end }))
    return { ok = not ok }
end
