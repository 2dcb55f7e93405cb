--! about = recursion without end
--! hook = test.run
--! expect = fault:stack
--! message = stack overflow
--! traceback = (skipping
--! fuel = 8333340
function run()
    local function f() return 1 + f() end
    return f()
end
