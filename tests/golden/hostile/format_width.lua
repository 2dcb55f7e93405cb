--! about = widths that are too wide
--! hook = test.run
--! expect = result {"text":"invalid conversion specification: '%99999d'"}
--! fuel = 7422
function run()
    local _, message = pcall(string.format, "%99999d", 1)
    return { text = message }
end
