--! about = code in an environment of its own finds nothing but that
--! hook = survive.run
--! expect = result {"text":"nothing"}
function run(n, s)
    if n == 0 then return {} end
    local inside = load("return _G or print or string or 'nothing'", "=x", "t", {})
    return { text = inside() }
end
