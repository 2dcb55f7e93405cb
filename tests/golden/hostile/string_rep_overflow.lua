--! about = a string longer than any is an error that can be caught
--! hook = test.run
--! expect = result {"text":"resulting string too large","ok":true}
--! fuel = 7884
function run()
    local ok, message = pcall(string.rep, "xyz", math.maxinteger)
    return { ok = not ok, text = message }
end
