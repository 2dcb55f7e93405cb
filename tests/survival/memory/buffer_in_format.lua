--! about = a buffer that grows within a format
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local long = ("x"):rep(500000)
    return { text = string.format(("%s"):rep(50), table.unpack(setmetatable({}, { __index = function() return long end }), 1, 50)) }
end
