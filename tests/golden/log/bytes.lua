--! about = bytes are bounded apart from lines: what does not fit is dropped, what still fits is not
--! hook = test.run
--! budget = log_bytes=10B
--! expect = result {"ok":true}
--! log = info@11 123456
--! log = info@13 1234
--! log = info@14
--! dropped = 2
--! fuel = 9713
function run()
    log.info("123456")
    log.info("12345")
    log.info("1234")
    log.info("")
    log.info("x")
    return { ok = true }
end
