--! about = a buffer that grows within the table library
--! hook = survive.run
--! budget = fuel=1G memory=1MiB
--! expect = fault:memory
function run(n, s)
    if n == 0 then return {} end
    local parts, part = {}, ("x"):rep(100000)
    for i = 1, 1000 do parts[i] = part end
    return { text = table.concat(parts) }
end
