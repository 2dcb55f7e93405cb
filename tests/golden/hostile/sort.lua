--! about = a comparison that is always true ends in an error or an order, never in a loop
--! hook = test.run
--! expect = result {"text":"invalid order function for sorting"}
--! fuel = 190570
function run()
    local t = {}
    for i = 1, 200 do t[i] = i % 7 end
    local ok, message = pcall(table.sort, t, function() return true end)
    return { ok = ok, text = message }
end
