--! about = an error on the way out replaces the answer
--! hook = survive.run
--! expect = fault:script
--! message = on the way out
function run(n, s)
    if n == 0 then return {} end
    local guard <close> = setmetatable({}, { __close = function() error("on the way out", 0) end })
    return { ok = true }
end
