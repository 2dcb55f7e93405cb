--! about = nothing of an earlier call is in strings made without contents
--! hook = survive.run
--! expect = result {"ok":true}
--! budget = fuel=1G
function run(n, s)
    if n == 0 then return {} end
    secret = ("SECRET-OF-THIS-CALL"):rep(1000)
    for size = 1, 3000, 13 do
        local padding = string.pack("!8 i1 Xi8 i8", 1, 2) .. ("\0"):rep(size) .. string.format("%20s", "")
        assert(not padding:find("SECRET", 1, true))
    end
    return { ok = true }
end
