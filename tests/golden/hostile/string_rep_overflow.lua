--! about = a string longer than any is an error that can be caught
--! hook = test.run
--! expect = result {"ok": true, "text": "resulting string too large"}
--! fuel = 0
function run()
    local ok, message = pcall(string.rep, "xyz", math.maxinteger)
    return { ok = not ok, text = message }
end
