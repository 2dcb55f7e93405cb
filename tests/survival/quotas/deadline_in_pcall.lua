--! about = a deadline that passes within pcall, coroutine and close is caught by none of them
--! hook = survive.run
--! driver = in_turn
--! budget = deadline=5ms fuel=1G
--! expect = fault:deadline
function run(n, s)
    while true do
        pcall(function()
            local guard <close> = setmetatable({}, { __close = function() while true do end end })
            coroutine.wrap(function() while true do pcall(error) end end)()
        end)
    end
end
