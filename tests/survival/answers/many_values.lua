--! about = thousands of answers, of which the first one counts
--! hook = survive.run
--! budget = fuel=100M
--! expect = result {"integer":1}
function run(n, s)
    if n == 0 then return {} end
    local more = {}
    for i = 1, 5000 do more[i] = { integer = i } end
    return table.unpack(more)
end
