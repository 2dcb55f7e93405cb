--! about = a string literal that never ends
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=512KiB
function run(n, s)
    if n == 0 then return {} end
    local first = true
    load(function()
        if first then first = false return "return [[" end
        return ("x"):rep(10000)
    end)
end
