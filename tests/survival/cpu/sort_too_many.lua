--! about = a list that claims more elements than can be sorted
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local ok, message = pcall(table.sort, setmetatable({}, { __len = function() return math.maxinteger end }))
    return { ok = not ok and message:find("array too big", 1, true) ~= nil }
end
