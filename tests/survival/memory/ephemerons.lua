--! about = weak keys that hold each other alive in a chain
--! hook = survive.run
--! expect = fault:fuel
--! budget = fuel=50M
function run(n, s)
    if n == 0 then return {} end
    local chain = setmetatable({}, { __mode = "k" })
    while true do
        local key = {}
        for _ = 1, 500 do local next = {} chain[key] = next key = next end
    end
end
