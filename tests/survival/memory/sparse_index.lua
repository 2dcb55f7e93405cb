--! about = a table asked for an index at the end of all integers
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local t = { [math.maxinteger] = 1, [math.mininteger] = 2, [1 << 31] = 3, [1 << 32] = 4 }
    t[math.maxinteger - 1] = 5
    return { ok = t[math.maxinteger] == 1 and t[math.mininteger] == 2 and #t == 0 or #t > 0 }
end
