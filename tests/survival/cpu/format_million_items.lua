--! about = a million directives, and as many arguments as fit
--! hook = survive.run
--! budget = fuel=1G memory=16MiB
--! expect = fault:script
--! message = bad argument #202 to 'format' (no value)
function run(n, s)
    if n == 0 then return {} end
    return { text = string.format(("%s"):rep(1000000), table.unpack(setmetatable({}, { __index = { 1, 2, 3 } }), 1, 200)) }
end
