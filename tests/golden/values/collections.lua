--! about = lists, maps and records in each other, read to the last leaf and answered
--! hook = test.collections
--! expect = result {"integers":[9223372036854775807,-2,1],"strings":[{"bytes":"00ff"},"","a"],
--!     "records":[{"key":"x","n":1,"maybe":0.5},{"key":"y","n":-2}],"counts":{"one":1,"two":2,"":0},"matrix":[[1,
--!     2],[],[3]],"record":{"key":"q","n":11,"maybe":1.5}}
--! fuel = 82751
function collections(integers, strings, addresses, colors, matrix, records, counts, groups, nested, absent)
    assert(#integers == 3 and integers[1] == 1 and integers[3] == math.maxinteger and integers[4] == nil and integers[0] == nil)
    assert(#strings == 3 and strings[2] == "" and strings[3] == "\0\xff")
    assert(#addresses == 2 and addresses[2].family == 10 and addresses[1] == net.address("192.0.2.1"))
    assert(colors[1] == "GREEN" and colors[2] == "BLUE" and #colors == 2)
    assert(#matrix == 3 and #matrix[1] == 2 and #matrix[2] == 0 and matrix[3][1] == 3 and matrix[2][1] == nil)
    assert(#records == 2 and records[1].key == "x" and records[2].n == -2 and records[1].maybe == 0.5 and records[2].maybe == nil)
    assert(counts.one == 1 and counts[""] == 0 and counts.three == nil and #counts == 3)
    assert(groups.low[2] == "b" and #groups.none == 0 and groups.high == nil)
    assert(nested.items[1].n == 10 and nested.by_name.p.key == "q" and nested.leaf.flag == true and nested.leaf.color == "RED")
    assert(absent == nil)
    local reversed = {}
    for i = #integers, 1, -1 do reversed[#reversed + 1] = integers[i] end
    local rows = {}
    for i, row in ipairs(matrix) do rows[i] = table.pack(table.unpack(row)) rows[i].n = nil end
    return {
        integers = reversed, strings = { strings[3], strings[2], strings[1] }, records = records, counts = counts,
        matrix = rows, record = nested.by_name.p,
    }
end
