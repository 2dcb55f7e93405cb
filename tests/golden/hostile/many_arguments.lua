--! about = as many arguments and results as there are
--! hook = test.run
--! budget = fuel=100M
--! expect = result {"integer":4000}
--! fuel = 1811316
function run()
    local list = {}
    for i = 1, 4000 do list[i] = i end
    return { integer = select("#", table.unpack(list)) }
end
