--! about = a chain of __index tables is followed only so far
--! hook = test.run
--! budget = fuel=100M memory=16MiB
--! expect = fault:script
--! message = '__index' chain too long; possible loop
--! fuel = 7236254
function run()
    local t = {}
    for _ = 1, 3000 do t = setmetatable({}, { __index = t }) end
    return { text = t.x }
end
