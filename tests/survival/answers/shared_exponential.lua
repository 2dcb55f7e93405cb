--! about = tables that share their halves: small in memory, two to the sixtieth when written out
--! hook = survive.run
--! budget = fuel=1G answer=1MiB memory=16MiB
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    local t = { 1 }
    for _ = 1, 30 do t = { t, t } end
    return { list = t }
end
