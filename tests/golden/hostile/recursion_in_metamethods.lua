--! about = metamethods inside metamethods
--! hook = test.run
--! expect = fault:stack
--! message = C stack overflow
--! fuel = 266535
function run()
    local t = setmetatable({}, {})
    getmetatable(t).__add = function(a, b) return a + b end
    return { number = t + 1 }
end
