--! about = a script that calls its own handler while it loads
--! hook = survive.run
--! expect = result {"integer":1}
local calls = 0
function run(n, s)
    calls = calls + 1
    if n == 0 then return {} end
    return { integer = calls - 2 }
end
run(0) run(0)
