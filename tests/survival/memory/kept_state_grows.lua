--! about = state that is kept grows from call to call, and starts again where it ran out
--! hook = survive.run
--! state = kept
--! budget = fuel=1G memory=1MiB
--! expect = result {"integer":1}
--! expect = result {"integer":2}
--! args = {"n": 2}
--! expect = fault:memory
--! args = {"n": 1}
--! expect = result {"integer":1}
kept = {}
calls = 0
function run(n, s)
    if n == 0 then return { integer = -1 } end
    calls = calls + 1
    for i = 1, n == 2 and math.huge or 1000 do kept[#kept + 1] = { i } end
    return { integer = calls }
end
