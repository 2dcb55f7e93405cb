--! about = a traversal that fills what it walks over
--! hook = survive.run
--! budget = fuel=100M
--! expect = fault:script
--! message = next
function run(n, s)
    if n == 0 then return {} end
    local t = { a = 1 }
    for k in pairs(t) do
        t[k] = nil
        for i = 1, 1000 do t[k .. i] = 1 end
    end
end
