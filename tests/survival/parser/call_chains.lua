--! about = results called and called, fields of fields of fields
--! hook = survive.run
--! budget = fuel=100M
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local calls = assert(load("local f = ... return f" .. ("()"):rep(5000)))
    local fields = assert(load("local t = ... return t" .. (".t"):rep(5000)))
    local t = {}
    t.t = t
    local function f() return f end
    f = f
    return { ok = fields(t) == t and pcall(calls, function() error("stop") end) == false }
end
