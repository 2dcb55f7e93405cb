--! about = more values than a stack holds
--! hook = test.run
--! expect = result {"text":"too many results to unpack"}
--! fuel = 302428
function run()
    local _, message = pcall(table.unpack, {}, 1, 1 << 30)
    return { text = message }
end
