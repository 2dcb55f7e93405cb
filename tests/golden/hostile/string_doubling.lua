--! about = a string doubled without end inside pcall
--! hook = test.run
--! expect = fault:memory
--! message = out of memory:
--! message = did not fit in 4 MiB
--! fuel = 3387625
function run()
    local s = "x"
    while true do pcall(function() s = s .. s end) end
end
