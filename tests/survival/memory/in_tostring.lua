--! about = running out in a __tostring that print asks
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    print(setmetatable({}, { __tostring = function() return ("x"):rep(100000000) end }))
end
