--! about = the same table twice is no cycle
--! hook = test.collections
--! expect = result {"integers":[1,2],"matrix":[[1,2],[1,2],[1,2]]}
--! fuel = 6806
function collections()
    local row = { 1, 2 }
    return { matrix = { row, row, row }, integers = row }
end
