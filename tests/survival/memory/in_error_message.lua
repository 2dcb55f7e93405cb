--! about = running out while the error's text is made
--! hook = survive.run
--! budget = fuel=1G memory=1MiB
--! expect = fault:memory
function run(n, s)
    if n == 0 then return {} end
    error(setmetatable({}, { __tostring = function() return ("x"):rep(100000000) end }))
end
