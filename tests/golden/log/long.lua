--! about = a line longer than the interpreter hands over at once
--! hook = test.run
--! budget = log_bytes=1MiB fuel=100M
--! expect = result {"text":"log.info: expected at most 65500 bytes"}
--! fuel = 655908
function run()
    local ok, message = pcall(log.info, ("0123456789abcdef"):rep(5000))
    return { ok = ok, text = message }
end
