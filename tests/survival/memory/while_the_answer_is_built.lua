--! about = an answer for which no room is left
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=384KiB answer=1MiB
function run(n, s)
    if n == 0 then return {} end
    local long = ("x"):rep(60000)
    local list = {}
    for i = 1, 100 do list[i] = i end
    return { text = long, map = { a = 1 }, list = list, name = long }
end
