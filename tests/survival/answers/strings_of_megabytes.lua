--! about = the same long string as every key and value
--! hook = survive.run
--! budget = fuel=1G memory=16MiB
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    local long = ("x"):rep(1000000)
    return { [long] = long, text = long, name = long }
end
