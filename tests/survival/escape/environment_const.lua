--! about = an environment that is a constant
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    -- The shape of CVE-2022-28805: the parser met a global under a constant _ENV and wrote outside of its stack.
    local chunk, message = load("local _ENV <const> = 1; x = 1")
    local ok, why = pcall(load("local _ENV <const> = {}; return a"))
    return { ok = (chunk == nil or not pcall(chunk)) and (ok or why ~= nil) }
end
