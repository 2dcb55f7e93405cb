--! about = closures without end
--! hook = test.run
--! budget = fuel=100M memory=1MiB
--! expect = fault:memory
--! message = did not fit in 1 MiB
--! fuel = 15023739
function run()
    local chain
    while true do
        local before = chain
        chain = function() return before end
    end
end
