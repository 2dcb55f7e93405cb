--! about = one concatenation of a hundred long strings
--! hook = survive.run
--! budget = fuel=1G memory=1MiB
--! expect = fault:memory
function run(n, s)
    if n == 0 then return {} end
    local long = ("x"):rep(100000)
    local text = "return function(x) return x" .. ("..x"):rep(100) .. " end"
    return { text = load(text)()(long) }
end
