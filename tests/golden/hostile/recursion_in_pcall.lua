--! about = pcalls inside pcalls, each of them a frame on the host's stack too
--! hook = test.run
--! expect = result {"text":"C stack overflow","ok":true}
--! fuel = 319443
function run()
    local depth = 0
    local function deeper()
        depth = depth + 1
        local ok, message = pcall(deeper)
        return ok and message or message
    end
    local message = deeper()
    return { text = tostring(message), ok = depth > 100 }
end
