--! about = a comment that never ends
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local first = true
    load(function()
        if first then first = false return "--" end
        return "xxxxxxxx"
    end)
end
