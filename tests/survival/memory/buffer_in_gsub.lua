--! about = a buffer that grows within a replacement
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local long = ("x"):rep(100000)
    return { text = ("a"):rep(1000):gsub("a", long) }
end
