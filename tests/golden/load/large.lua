--! about = a script with a large table in it
--! hook = test.run
--! expect = result {"integer":500}
--! fuel = 200702
local lines = {}
for i = 1, 500 do lines[i] = ("[%d] = 'value number %d',"):format(i, i) end
local table = load("return {" .. _G.table.concat(lines) .. "}")()
function run()
    assert(table[500] == "value number 500")
    return { integer = #table }
end
