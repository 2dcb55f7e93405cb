--! about = an error whose text would be a gigabyte
--! hook = survive.run
--! budget = fuel=1G memory=1MiB
--! expect = fault:memory
function run(n, s)
    if n == 0 then return {} end
    error(setmetatable({}, { __tostring = function() return ("x"):rep(1 << 30) end }))
end
