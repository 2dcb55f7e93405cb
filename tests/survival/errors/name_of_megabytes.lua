--! about = a type's name of a million bytes
--! hook = survive.run
--! budget = fuel=1G memory=16MiB
--! expect = fault:script
function run(n, s)
    if n == 0 then return {} end
    local object = setmetatable({}, { __name = ("n"):rep(1000000) })
    return { integer = #s + object }
end
