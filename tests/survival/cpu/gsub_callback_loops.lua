--! about = a replacement that never comes
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    return { text = s:gsub(".", function() while true do end end) }
end
