--! about = a memory error that the policy lets scripts catch is caught, and the call goes on
--! hook = survive.run
--! budget = memory=1MiB memory_errors=catchable
--! expect = result {"ok": true, "text": "not enough memory"}
function run(n, s)
    local ok, message = pcall(string.rep, "x", 1 << 24)
    return { ok = not ok, text = message }
end
