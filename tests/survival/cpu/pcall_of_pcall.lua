--! about = pcall called by pcall called by pcall
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local ok, inner, innermost, message = pcall(pcall, pcall, error, "x")
    assert(ok and inner and innermost == false and message == "x")
    return { ok = true }
end
