--! about = jumps into the scope of a local
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local chunk, message = load("goto inside; local x <close> = nil; ::inside:: print(x)")
    assert(chunk == nil and message:find("jumps into the scope", 1, true))
    return { ok = load("do goto e; local x; ::e:: end") ~= nil }
end
